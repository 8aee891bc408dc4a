// Tensors that a LoRA changes, made while they are written.
#pragma once

#include <string>

#include "read/checkpoint.h"

namespace torch2mlx::weights {

// base + scale * left @ right, with `left` [rows, r], `right` [r, columns] and `base` seen as a matrix of so many rows;
// computed in float32 (float64 for a float64 base) and rounded once, to the type of the base.
Tensor with_low_rank(const Tensor& base, const Tensor& left, const Tensor& right, double scale);

// The first `count` elements, of whatever floating type.
void read_numbers(const Tensor& tensor, std::int64_t count, double* out);

// A tensor times a number, rounded to the tensor's type.
Tensor scaled(const Tensor& tensor, double by);

// The same matrix with its axes swapped; nothing is copied.
Tensor transposed(Tensor matrix);

// A matrix with rows and columns of zeros behind its own.
Tensor padded(const Tensor& matrix, std::int64_t rows, std::int64_t columns);

}  // namespace torch2mlx::weights
