#include "layers/layers.h"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/versions.h"
#include "layers/families.h"
#include "read/checkpoint.h"

namespace torch2mlx::layers {
namespace {

std::vector<Row> join() {
  std::vector<Row> all;
  for (const auto family :
       {linear_rows(), embedding_rows(), conv_rows(), norm_rows(), activation_rows(), dropout_rows(), pooling_rows(),
        attention_rows(), recurrent_rows(), function_rows(), package_rows()})
    all.insert(all.end(), family.begin(), family.end());
  return all;
}

// "0", "12", "1_reverse".
bool is_cell(std::string_view text) {
  if (text.ends_with("_reverse")) text.remove_suffix(8);
  return !text.empty() && text.size() < 6 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// What a registered row points into.
struct Registered {
  std::string torch;
  std::vector<std::pair<std::string, std::vector<int>>> layouts;
  std::vector<Parameter> parameters;
};

struct Table {
  std::vector<Row> rows = join();
  std::map<std::string_view, std::size_t> index;
  std::vector<std::shared_ptr<const Registered>> registered;

  // Full names, and short ones where the table's first of that name is meant: torch.nn's own come first.
  void add_names(std::size_t at) {
    index.emplace(rows[at].torch, at);
    index.emplace(short_name(rows[at].torch), at);
  }
  Table() {
    for (std::size_t i = 0; i < rows.size(); ++i) add_names(i);
  }
};

Versions<Table>& table() {
  static Versions<Table> versions{Table()};
  return versions;
}

bool is_permutation(std::span<const int> axes) {
  for (int axis = 0; axis < static_cast<int>(axes.size()); ++axis)
    if (std::ranges::count(axes, axis) != 1) return false;
  return !axes.empty();
}

}  // namespace

std::span<const Row> rows() { return table().now().rows; }

void register_row(const std::string& torch, const std::string& mlx,
                  const std::map<std::string, std::vector<int>>& permute, bool replace) {
  const auto fail = [&](std::string message, std::string hint = {}) {
    throw Error(ErrorKind::input, printable(torch), std::move(message), std::move(hint));
  };
  if (torch.find('.') == torch.npos) fail("is no full name of a class", "my.pkg.Conv");
  const auto own = std::make_shared<Registered>();
  own->torch = torch;
  own->layouts.assign(permute.begin(), permute.end());
  const std::span<const Row> all = rows();
  const auto made = std::ranges::find(all, mlx, &Row::mlx);
  if (!mlx.empty() && made == all.end())
    fail(fmt::format("the table of layers has no '{}'", printable(mlx)), "`torch2mlx ops --layers` lists it");
  Row row = mlx.empty() ? Row{} : *made;
  own->parameters.assign(row.parameters.begin(), row.parameters.end());
  for (const auto& [name, axes] : own->layouts) {
    if (!is_permutation(axes)) fail(fmt::format("permute: the axes of '{}' are no permutation", printable(name)));
    auto known = std::ranges::find(own->parameters, std::string_view(name), &Parameter::name);
    if (known == own->parameters.end()) known = own->parameters.insert(known, {name, {}});
    if (!known->targets.empty()) fail(fmt::format("permute: '{}' is taken apart for {}", printable(name), mlx));
    if (!known->permute.empty() && known->permute.size() != axes.size())
      fail(fmt::format("permute: '{}' has {} axes in {}", printable(name), known->permute.size(), mlx));
    known->grouped = known->grouped && std::ranges::equal(known->permute, axes);
    known->permute = axes;
  }
  row.torch = own->torch;
  row.parameters = own->parameters;
  table().change([&](Table& next) {
    next.registered.push_back(own);
    const auto old = std::ranges::find(next.rows, row.torch, &Row::torch);
    if (old == next.rows.end()) {
      next.rows.push_back(row);
      next.add_names(next.rows.size() - 1);
    } else if (replace) {
      *old = row;
    } else {
      fail("has a row in the table of layers", "override=True replaces it");
    }
  });
}

std::string_view short_name(std::string_view class_name) {
  const auto dot = class_name.rfind('.');
  return dot == std::string_view::npos ? class_name : class_name.substr(dot + 1);
}

const Row* find(std::string_view class_name) {
  const Table& now = table().now();
  auto it = now.index.find(class_name);
  if (it == now.index.end() && class_name.starts_with("torch.nn.")) it = now.index.find(short_name(class_name));
  return it == now.index.end() ? nullptr : &now.rows[it->second];
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
