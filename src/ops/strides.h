// Do results share memory with their operand? Strides at the sizes of the example inputs tell.
#pragma once

#include "ops/aliases.h"

namespace torch2mlx::ops {

// reshape, flatten and their like: a view where the strides allow one.
Sharing reshape_sharing(const graph::Graph& graph, const graph::Node& node);
// contiguous, to: the tensor itself where nothing has to change.
Sharing conversion_sharing(const graph::Graph& graph, const graph::Node& node);

}  // namespace torch2mlx::ops
