#include "weights/covered.h"

#include <map>
#include <utility>
#include <vector>

namespace torch2mlx::weights {

std::string module_prefix(const std::string& key) {
  const auto dot = key.rfind('.');
  return dot == std::string::npos ? std::string() : key.substr(0, dot + 1);
}

layers::Coverage coverage_of(const Checkpoint& checkpoint, const Options& options, const Report& report) {
  const auto& known = checkpoint.modules.empty() ? options.modules : checkpoint.modules;
  if (!known.empty()) return layers::coverage(known);
  const auto path_of = [](const std::string& key) {
    std::string path = module_prefix(key);
    if (!path.empty()) path.pop_back();
    return path;
  };
  std::map<std::string, Module> owners;
  for (const Tensor& tensor : checkpoint.tensors) owners[path_of(tensor.name)];
  for (const TensorReport& tensor : report.tensors)
    owners[path_of(tensor.name)].class_name = tensor.layer.empty() ? "(class unknown)" : tensor.layer;
  std::vector<Module> modules;
  modules.reserve(owners.size());
  for (auto& [path, module] : owners) modules.push_back({path, module.class_name, {}});
  return layers::coverage(modules, [](const Module& leaf) { return !leaf.class_name.empty(); });
}

}  // namespace torch2mlx::weights
