// Arrays that have a shape and a dtype, and are never computed.
#pragma once

#include "graph/graph.h"
#include "ops/slot.h"

namespace torch2mlx::ops {

// `sizes` must have every symbol of the type. Throws std::invalid_argument for an axis that MLX cannot count.
mx::array placeholder(const graph::Type& type, const graph::Dim::Binding& sizes);

}  // namespace torch2mlx::ops
