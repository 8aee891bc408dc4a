// Norms that several lowerings share.
#pragma once

#include "ops/mlx.h"

namespace torch2mlx::ops {

Value layer_norm(Mlx& mx, Value x, const Sizes& normalized_shape, OptValue weight, OptValue bias, double eps);
// x: (N, C, *spatial), in PyTorch's layout.
Value batch_norm(Mlx& mx, Value x, OptValue weight, OptValue bias, Value mean, Value var, double eps);

}  // namespace torch2mlx::ops
