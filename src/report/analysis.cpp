#include "report/analysis.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

namespace torch2mlx::report {

Analysis analyze(const graph::Graph& aten, std::span<const ops::Problem> problems) {
  std::set<std::string, std::less<>> blocked;
  for (const ops::Problem& problem : problems) blocked.insert(problem.scope);
  Analysis analysis;
  analysis.coverage = layers::coverage(layers::names_of(aten.modules),
                                       [&](const layers::ModuleName& leaf) { return !blocked.contains(leaf.path); });
  for (const graph::Node& node : aten.nodes) ++analysis.ops[node.op];
  for (const ops::Problem& problem : problems)
    analysis.blockers.push_back(fmt::format("{}: {}", problem.place, problem.message));
  analysis.notes = aten.notes;
  return analysis;
}

std::string to_json(const Analysis& analysis) {
  const layers::Coverage& coverage = analysis.coverage;
  const nlohmann::ordered_json json{
      {"coverage", coverage.fraction(coverage.mapped)},
      {"registry_coverage", coverage.fraction(coverage.registered)},
      {"total_layers", coverage.total},
      {"mapped_layers", coverage.mapped},
      {"unmapped_layers", coverage.unmapped},
      {"layers", coverage.layers},
      {"ops", analysis.ops},
      {"blockers", analysis.blockers},
      {"notes", analysis.notes},
  };
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace torch2mlx::report
