#include "complete.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "case_file.h"
#include "graph/graph.h"
#include "ops/lowering_table.h"
#include "passes/pipeline.h"

namespace torch2mlx::cases {
namespace {

std::vector<std::filesystem::path> case_paths(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".t") paths.push_back(entry.path());
  std::ranges::sort(paths);
  return paths;
}

}  // namespace

std::vector<std::string> incomplete(const std::filesystem::path& root) {
  std::vector<std::string> missing;
  std::set<std::string> ops_seen, passes_seen;
  for (const auto& path : case_paths(root / "ops")) {
    const graph::Graph graph = graph::parse(read_case(path).top);
    if (graph.nodes.empty()) missing.push_back(fmt::format("{}: holds no operator", path.string()));
    for (const graph::Node& node : graph.nodes) {
      if (!ops::find_lowering(node.op))
        missing.push_back(fmt::format("{}: '{}' has no lowering", path.string(), node.op));
      ops_seen.insert(node.op);
    }
  }
  for (const ops::TableRow* row : ops::lowerings())
    if (!ops_seen.contains(row->op)) missing.push_back(fmt::format("{} has no case file in ops/", row->op));
  for (const auto& path : case_paths(root / "passes")) passes_seen.insert(read_case(path).passes().front());
  for (const passes::Pass& pass : torch2mlx::passes::pipeline())
    if (!passes_seen.contains(std::string(pass.name)))
      missing.push_back(fmt::format("pass '{}' has no case file in passes/", pass.name));
  std::ranges::sort(missing);
  missing.erase(std::ranges::unique(missing).begin(), missing.end());
  return missing;
}

}  // namespace torch2mlx::cases
