// Will a model port, and what stands in the way: counted from its modules and, where there is one, its graph.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "ops/lower.h"

namespace torch2mlx::report {

struct Analysis {
  std::map<std::string, int> layers;         // class of each leaf module -> how many
  int total_layers = 0, mapped_layers = 0;   // leaf modules; those that the layers table or the graph accounts for
  std::vector<std::string> unmapped_layers;  // "encoder.router: pkg.Router"
  std::map<std::string, int> ops;            // ATen op -> nodes; empty without a graph
  std::vector<std::string> blockers;         // each with its place; empty: everything converts
  std::vector<std::string> notes;

  double coverage() const { return total_layers ? static_cast<double>(mapped_layers) / total_layers : 1.0; }
};

// From the module tree alone: a leaf is mapped if its class has a row in the layers table.
Analysis analyze_modules(std::span<const Module> modules);

// With the ATen graph and what lowering found: a leaf is mapped unless one of its own nodes is a problem.
Analysis analyze_graph(const graph::Graph& aten, std::span<const ops::Problem> problems);

std::string to_json(const Analysis& analysis);

}  // namespace torch2mlx::report
