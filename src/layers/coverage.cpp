#include "layers/coverage.h"

#include <fmt/format.h>

#include <set>

#include "layers/layers.h"

namespace torch2mlx::layers {

std::vector<ModuleName> names_of(std::span<const Module> modules) {
  std::vector<ModuleName> names;
  for (const Module& module : modules) names.push_back({module.path, module.class_name});
  return names;
}

Coverage coverage(std::span<const ModuleName> modules, const std::function<bool(const ModuleName&)>& mapped) {
  std::set<std::string_view> parents;
  for (const ModuleName& module : modules) {
    const std::size_t dot = module.path.rfind('.');
    if (!module.path.empty()) parents.insert(module.path.substr(0, dot == module.path.npos ? 0 : dot));
  }
  Coverage result;
  for (const ModuleName& module : modules) {
    if (parents.contains(module.path)) continue;
    const bool registered = find(module.class_name) != nullptr;
    ++result.total;
    ++result.layers[std::string(short_name(module.class_name))];
    result.registered += registered;
    if (mapped ? mapped(module) : registered)
      ++result.mapped;
    else
      result.unmapped.push_back(fmt::format("{}: {}", module.path.empty() ? "(root)" : module.path, module.class_name));
  }
  return result;
}

}  // namespace torch2mlx::layers
