#include "layers/layers.h"

#include <map>

#include "layers/families.h"

namespace torch2mlx::layers {
namespace {

std::vector<Row> join() {
  std::vector<Row> all;
  for (const auto family : {linear_rows(), embedding_rows(), conv_rows(), norm_rows(), activation_rows(),
                            dropout_rows(), pooling_rows(), attention_rows()})
    all.insert(all.end(), family.begin(), family.end());
  return all;
}

// A class of the user's with a torch.nn name is another class: only undotted names and torch.nn's own are shortened.
bool may_be_torch(std::string_view name) {
  return name.starts_with("torch.nn.") || name.find('.') == std::string_view::npos;
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
  static const auto by_short_name = [] {
    std::map<std::string_view, const Row*> index;
    for (const Row& row : rows()) index.emplace(short_name(row.torch), &row);
    return index;
  }();
  if (!may_be_torch(class_name)) return nullptr;
  const auto it = by_short_name.find(short_name(class_name));
  return it == by_short_name.end() ? nullptr : it->second;
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
