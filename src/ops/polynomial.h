// Polynomials of an array, for functions that MLX has not.
#pragma once

#include <span>

#include "ops/mlx.h"

namespace torch2mlx::ops {

// coefficients[0] + x * (coefficients[1] + x * (...)); at least two of them.
Value polynomial(Mlx& mx, Value x, std::span<const double> coefficients);

}  // namespace torch2mlx::ops
