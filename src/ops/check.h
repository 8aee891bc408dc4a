// The checker of MLX graphs against table 1, where graph::check looks at their form alone.
#pragma once

#include "graph/graph.h"

namespace torch2mlx::ops {

// Every node: the op exists, its arguments are those of its row in number, names and kinds, and its results have the
// types that MLX gives them. Where conditions on sizes bound the graph, types are not inferred again: what they leave
// out may be what MLX refuses. Throws Error(input) that lists every problem.
void check(const graph::Graph& graph);

}  // namespace torch2mlx::ops
