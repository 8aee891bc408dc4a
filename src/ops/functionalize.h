// Writes to tensors -> values. After this stage no node changes a tensor:
//   a = slice(x, 1, 0, 2); b = mul_(a, 2); return x  ->  a = slice(x, 1, 0, 2); b = mul(a, 2); c = slice_scatter(x, b,
//   1, 0, 2); return c
// Inputs and buffers that were written to become outputs of the graph (graph::OutputKind).
#pragma once

#include <optional>
#include <vector>

#include "ops/lower.h"

namespace torch2mlx::ops {

// Nothing if the graph writes to no tensor. What cannot be told exactly is a problem: a write to a view without an
// inverse, to a parameter, or to memory that another tensor may share.
std::optional<LowerResult> functionalize(const graph::Graph& aten);

}  // namespace torch2mlx::ops
