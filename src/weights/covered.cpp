#include "weights/covered.h"

#include <map>
#include <string_view>
#include <vector>

namespace torch2mlx::weights {

std::string module_prefix(const std::string& key) {
  const auto dot = key.rfind('.');
  return dot == std::string::npos ? std::string() : key.substr(0, dot + 1);
}

layers::Coverage coverage_of(const Checkpoint& checkpoint, const Options& options, const Report& report) {
  const auto& known = checkpoint.modules.empty() ? options.modules : checkpoint.modules;
  if (!known.empty()) return layers::coverage(known);
  const auto path_of = [](std::string_view key) {
    const auto dot = key.rfind('.');
    return dot == key.npos ? std::string_view() : key.substr(0, dot);
  };
  std::map<std::string_view, std::string_view> owners;  // path -> class
  for (const Tensor& tensor : checkpoint.tensors) owners[path_of(tensor.name)];
  for (const TensorReport& tensor : report.tensors)
    owners[path_of(tensor.name)] = tensor.layer.empty() ? "(class unknown)" : std::string_view(tensor.layer);
  std::vector<Module> modules;
  modules.reserve(owners.size());
  for (const auto& [path, name] : owners) modules.push_back({std::string(path), std::string(name), {}});
  return layers::coverage(modules, [](const Module& leaf) { return !leaf.class_name.empty(); });
}

}  // namespace torch2mlx::weights
