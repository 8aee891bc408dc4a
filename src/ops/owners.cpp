#include "ops/owners.h"

namespace torch2mlx::ops {

Owners::Owners(const graph::Graph& graph) {
  for (const Module& module : graph.modules) modules_.emplace(module.path, &module);
  for (const graph::Scope& scope : graph.scopes)
    if (!modules_.contains(scope.path))
      modules_.emplace(scope.path, &from_scopes_.emplace_back(Module{scope.path, scope.class_name, {}}));
}

const layers::Row* Owners::row(std::string_view key, std::size_t rank) const {
  const auto dot = key.rfind('.');
  const auto found = modules_.find(dot == key.npos ? std::string_view() : key.substr(0, dot));
  return found == modules_.end() ? nullptr : layers::row_of(*found->second, key.substr(dot + 1), rank);
}

}  // namespace torch2mlx::ops
