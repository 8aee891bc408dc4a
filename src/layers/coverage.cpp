#include "layers/coverage.h"

#include <set>

#include "layers/layers.h"

namespace torch2mlx::layers {

Coverage coverage(std::span<const Module> modules, const std::function<bool(const Module&)>& mapped) {
  std::set<std::string, std::less<>> parents;
  for (const Module& module : modules) {
    const std::size_t dot = module.path.rfind('.');
    if (!module.path.empty()) parents.insert(dot == std::string::npos ? "" : module.path.substr(0, dot));
  }
  Coverage result;
  for (const Module& module : modules) {
    if (parents.contains(module.path)) continue;
    const bool registered = find(module.class_name) != nullptr;
    ++result.total;
    ++result.layers[std::string(short_name(module.class_name))];
    result.registered += registered;
    if (mapped ? mapped(module) : registered)
      ++result.mapped;
    else
      result.unmapped.push_back((module.path.empty() ? "(root)" : module.path) + ": " + module.class_name);
  }
  return result;
}

}  // namespace torch2mlx::layers
