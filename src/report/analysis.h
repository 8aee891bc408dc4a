// Will a model port, and what stands in the way: counted from its modules and its graph.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "layers/coverage.h"
#include "ops/lower.h"

namespace torch2mlx::report {

struct Analysis {
  layers::Coverage coverage;          // a leaf module is mapped unless one of its own nodes is a problem
  std::map<std::string, int> ops;     // ATen op -> nodes
  std::vector<std::string> blockers;  // each with its place; empty: everything converts
  std::vector<std::string> notes;
};

// Of an ATen graph and what lowering it found.
Analysis analyze(const graph::Graph& aten, std::span<const ops::Problem> problems);

std::string to_json(const Analysis& analysis);

}  // namespace torch2mlx::report
