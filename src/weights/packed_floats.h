// Reading matrices whose codes stand for floats: each a number of a table times the factor of its block.
#pragma once

#include <array>

#include "weights/packed_elements.h"

namespace torch2mlx::weights {

// 16 numbers, by code.
using Codebook = std::array<float, 16>;

// Two codes a byte, row-major; every `block` neighbours share a factor.
struct Nibbles {
  Tensor bytes;  // of one byte each
  bool high_first;
  Codebook numbers;
  std::int64_t block;
};

// Their numbers times `factors`, in float32, rounded once to `dtype`.
Part looked_up(const Nibbles& nibbles, Part factors, std::int64_t count, Dtype dtype);

// scales * factor, or scales / factor, in float32.
Part multiplied(const Tensor& scales, float factor);
Part divided(const Tensor& scales, float factor);

// Factors that are quantized themselves: numbers[code] * factors[i / block] + offset, in float32, each step rounded.
struct NestedFactors {
  Tensor codes;                // uint8
  std::vector<float> numbers;  // 256
  Tensor factors;
  std::int64_t block;
  float offset;
};
Part factors_of(const NestedFactors& nested);

}  // namespace torch2mlx::weights
