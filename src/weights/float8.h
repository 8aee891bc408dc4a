// The five float8 types of PyTorch, by value.
#pragma once

#include <cstdint>

#include "base/dtype.h"

namespace torch2mlx::weights {

bool is_float8(Dtype dtype);

// Exact: every float8 is a float32.
float from_float8(Dtype dtype, std::uint8_t code);

// Nearest, ties to the even code; what is too large becomes infinite where the type has infinities, NaN elsewhere.
std::uint8_t to_float8(Dtype dtype, float value);

}  // namespace torch2mlx::weights
