// Element conversions of a cast, rounded to nearest even.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/dtype.h"

namespace torch2mlx::weights {

bool can_cast(Dtype from, Dtype to);

// `count` elements; neither pointer need be aligned, and they must not overlap. NaNs stay NaNs, what is too large for
// the target becomes infinite.
void cast(Dtype from, Dtype to, const std::byte* in, std::size_t count, std::byte* out);

// Each to the nearest number of `dtype`, in place.
void round_to(Dtype dtype, float* values, std::size_t count);

// Whether a finite number can become infinite by that cast.
bool may_overflow(Dtype from, Dtype to);

// How many numbers of a floating or complex type (two in each complex one) are infinite.
std::int64_t count_infinite(Dtype dtype, const std::byte* data, std::size_t count);

// Reverses the bytes of each element (of each half of a complex one), in place.
void swap_bytes(Dtype dtype, std::byte* data, std::size_t count);

}  // namespace torch2mlx::weights
