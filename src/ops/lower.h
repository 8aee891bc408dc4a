// ATen graph -> MLX graph, by table 2.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "ops/mlx.h"

namespace torch2mlx::ops {

// A result that has no form in MLX (scratch of PyTorch's own kernels): whatever uses it is refused.
inline constexpr Value unavailable{Ref{UINT32_MAX}};

// What stands in the way of lowering a graph: a line a node, each with its place.
struct Problem {
  std::string place;    // "node 37 'histc' (layers.3.router, modeling_x.py:412)"
  std::string op;       // "aten.histc.default"
  std::string scope;    // "layers.3.router"
  std::string message;  // "aten.histc.default has no MLX lowering"
};

struct LowerResult {
  graph::Graph graph;  // of use only if there are no problems
  std::vector<Problem> problems;
};

// Never throws for what a model contains: `problems` holds every op that cannot be lowered exactly. `strict_dtypes`:
// a value that MLX holds in fewer bits (float64, complex128) is a problem, instead of a note.
LowerResult try_lower(const graph::Graph& aten, bool strict_dtypes = false);

// As try_lower, but throws Error(unsupported) that lists all problems.
graph::Graph lower_graph(const graph::Graph& aten, bool strict_dtypes = false);

}  // namespace torch2mlx::ops
