// Matrices in the last two axes, batches of them in front. MLX factorizes on the CPU, and no empty ones.
#pragma once

#include "ops/mlx.h"

namespace torch2mlx::ops {

void note_cpu(Mlx& mx);  // for the report
Sizes batch_of(Mlx& mx, Value a);
Value matrix_transposed(Mlx& mx, Value a);
Size shorter_side(Mlx& mx, Value a);
Value singular_values(Mlx& mx, Value a);  // (..., shorter side)

// A number, or a tensor of one a matrix.
struct Tolerances {
  Operand absolute, relative;  // to the largest singular value
};
// Singular values that are not beyond both tolerances count as 0. hermitian: only the lower triangle is read.
Value pseudo_inverse(Mlx& mx, Value a, const Tolerances& tolerances, bool hermitian);

}  // namespace torch2mlx::ops
