#include "report/analysis.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "layers/layers.h"

namespace torch2mlx::report {
namespace {

// Modules without children, by path.
std::vector<const Module*> leaves(std::span<const Module> modules) {
  std::set<std::string, std::less<>> parents;
  for (const Module& module : modules) {
    const std::size_t dot = module.path.rfind('.');
    if (!module.path.empty()) parents.insert(dot == std::string::npos ? "" : module.path.substr(0, dot));
  }
  std::vector<const Module*> found;
  for (const Module& module : modules)
    if (!parents.contains(module.path)) found.push_back(&module);
  return found;
}

template <class Mapped>
Analysis count(std::span<const Module> modules, Mapped&& mapped) {
  Analysis analysis;
  for (const Module* leaf : leaves(modules)) {
    ++analysis.total_layers;
    ++analysis.layers[std::string(layers::short_name(leaf->class_name))];
    if (mapped(*leaf)) ++analysis.mapped_layers;
    else analysis.unmapped_layers.push_back(fmt::format("{}: {}", leaf->path, leaf->class_name));
  }
  return analysis;
}

}  // namespace

Analysis analyze_modules(std::span<const Module> modules) {
  return count(modules, [](const Module& leaf) { return layers::find(leaf.class_name) != nullptr; });
}

Analysis analyze_graph(const graph::Graph& aten, std::span<const ops::Problem> problems) {
  std::set<std::string, std::less<>> blocked;
  for (const ops::Problem& problem : problems) blocked.insert(problem.scope);
  Analysis analysis = count(aten.modules, [&](const Module& leaf) { return !blocked.contains(leaf.path); });
  for (const graph::Node& node : aten.nodes) ++analysis.ops[node.op];
  for (const ops::Problem& problem : problems)
    analysis.blockers.push_back(fmt::format("{}: {}", problem.place, problem.message));
  analysis.notes = aten.notes;
  return analysis;
}

std::string to_json(const Analysis& analysis) {
  const nlohmann::ordered_json json{
      {"coverage", analysis.coverage()},         {"total_layers", analysis.total_layers},
      {"mapped_layers", analysis.mapped_layers}, {"unmapped_layers", analysis.unmapped_layers},
      {"layers", analysis.layers},               {"ops", analysis.ops},
      {"blockers", analysis.blockers},           {"notes", analysis.notes},
  };
  return json.dump(2) + "\n";
}

}  // namespace torch2mlx::report
