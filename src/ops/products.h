// Products of matrices and what they generalize to, of any type: MLX's kernels take no integers.
#pragma once

#include <string>
#include <vector>

#include "ops/mlx.h"

namespace torch2mlx::ops {

// torch.matmul and torch.einsum. Integers are multiplied out and added up, which is exact and wraps as PyTorch's do;
// all products are in memory at once.
Value product_of_matrices(Mlx& mx, Value a, Value b);
Value einstein_sum(Mlx& mx, std::string equation, const std::vector<Value>& tensors);

// Over pairs of axes, as torch.tensordot.
Value product_over(Mlx& mx, Value a, Value b, const std::vector<int>& axes_a, const std::vector<int>& axes_b);

}  // namespace torch2mlx::ops
