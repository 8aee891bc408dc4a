#include "layers/layers.h"

#include <map>
#include <string>

#include "layers/families.h"
#include "read/checkpoint.h"

namespace torch2mlx::layers {
namespace {

std::vector<Row> join() {
  std::vector<Row> all;
  for (const auto family : {linear_rows(), embedding_rows(), conv_rows(), norm_rows(), activation_rows(),
                            dropout_rows(), pooling_rows(), attention_rows(), recurrent_rows(), package_rows()})
    all.insert(all.end(), family.begin(), family.end());
  return all;
}

// "0", "12", "1_reverse".
bool is_cell(std::string_view text) {
  if (text.ends_with("_reverse")) text.remove_suffix(8);
  return !text.empty() && text.size() < 6 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::span<const Row> rows() {
  static const std::vector<Row> all = join();
  return all;
}

std::string_view short_name(std::string_view class_name) {
  const auto dot = class_name.rfind('.');
  return dot == std::string_view::npos ? class_name : class_name.substr(dot + 1);
}

const Row* find(std::string_view class_name) {
  // Full names, and short ones where the table's first of that name is meant: torch.nn's own come first.
  static const auto index = [] {
    std::map<std::string_view, const Row*> names;
    for (const Row& row : rows()) {
      names.emplace(row.torch, &row);
      names.emplace(short_name(row.torch), &row);
    }
    return names;
  }();
  auto it = index.find(class_name);
  if (it == index.end() && class_name.starts_with("torch.nn.")) it = index.find(short_name(class_name));
  return it == index.end() ? nullptr : it->second;
}

Slot find(const Row& row, std::string_view name) {
  for (const Parameter& parameter : row.parameters) {
    if (parameter.name == name) return {&parameter, {}};
    if (!parameter.name.ends_with('#')) continue;
    const auto stem = parameter.name.substr(0, parameter.name.size() - 1);
    if (name.starts_with(stem) && is_cell(name.substr(stem.size()))) return {&parameter, name.substr(stem.size())};
  }
  return {};
}

const Row* row_of(const Module& module, std::string_view parameter, std::size_t rank) {
  if (const Row* row = find(module.class_name)) return row;
  const auto base = module.attributes.find("torch_base");
  const auto* name = base == module.attributes.end() ? nullptr : std::get_if<std::string>(&base->second);
  const Row* row = name && rank > 2 ? find(*name) : nullptr;
  return row && find(*row, parameter).parameter ? row : nullptr;
}

std::string cell_prefix(const Slot& slot, std::string_view key, const std::function<bool(const std::string&)>& exists) {
  if (slot.cell.empty()) return {};
  const std::string stem(key.substr(0, key.size() - slot.cell.size()));
  const bool two_ways = exists(stem + "0_reverse");
  if (!two_ways && !exists(stem + "1")) return {};
  const int layer = std::stoi(std::string(slot.cell)), reverse = slot.cell.ends_with("_reverse");
  return std::to_string(two_ways ? 2 * layer + reverse : layer) + ".";
}

bool holds(const Row& row, std::string_view name) {
  return std::ranges::any_of(row.parameters, [&](const Parameter& parameter) {
    if (parameter.targets.empty()) return parameter.name == name;
    return std::ranges::find(parameter.targets, name, &Target::name) != parameter.targets.end();
  });
}

std::span<const int> permutation(const Row& row, std::string_view name) {
  const auto it = std::ranges::find(row.parameters, name, &Parameter::name);
  return it == row.parameters.end() ? std::span<const int>{} : it->permute;
}

std::vector<int> inverse(std::span<const int> permutation) {
  std::vector<int> result(permutation.size());
  for (std::size_t i = 0; i < permutation.size(); ++i) result[permutation[i]] = static_cast<int>(i);
  return result;
}

}  // namespace torch2mlx::layers
