// MLX's quantized matrices, bit for bit as mx.quantize and mx.dequantize of MLX 0.32 give them on the CPU.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/dtype.h"

namespace torch2mlx {

enum class QuantizationMode : std::uint8_t { affine, mxfp4, mxfp8, nvfp4 };

// How the elements of a row are packed: every `group_size` neighbours share a scale.
struct Quantization {
  QuantizationMode mode = QuantizationMode::affine;
  int bits = 4, group_size = 64;
  friend auto operator<=>(const Quantization&, const Quantization&) = default;
};

namespace weights {

inline constexpr int largest_group = 128;

struct QuantizationRow {
  QuantizationMode mode;
  std::string_view name;  // as mx.quantize spells it
  int bits, group_size;   // defaults
  std::span<const int> all_bits, all_groups;
  bool has_biases;  // and scales of the matrix's own type; otherwise scales are bytes
};

std::span<const QuantizationRow> quantization_modes();
const QuantizationRow& row(QuantizationMode mode);
std::optional<QuantizationMode> mode_from_name(std::string_view name);

// Why MLX does not take it for rows of `columns` elements; empty: it does.
std::string quantization_problem(const Quantization& quantization, std::int64_t columns);

// "4 bits affine, groups of 64"
std::string describe(const Quantization& quantization);

// Sizes of one row of the outputs: 32-bit words, scales (and biases).
inline std::int64_t words_per_row(const Quantization& q, std::int64_t columns) { return columns * q.bits / 32; }
inline std::int64_t groups_per_row(const Quantization& q, std::int64_t columns) { return columns / q.group_size; }
// Type of scales and biases of a matrix of `dtype` (float32, float16, bfloat16).
Dtype scale_dtype(const Quantization& quantization, Dtype dtype);

// Groups that a mode has no numbers for.
struct Quantized {
  // MLX casts what an unsigned integer does not hold, and C++ leaves open what that gives: NaN and infinities in affine
  // and mx modes, exponents of scales below -127 in mx modes. nvfp4 has no such casts.
  std::int64_t undefined = 0;
  // MLX's arithmetic tells the result, which is other numbers: scales beyond nvfp4's 448, infinite affine ones.
  std::int64_t beyond = 0;
};

// "3 groups of infinities or NaN, ...": why their matrix is not to be quantized.
std::string describe_undefined(const Quantization& quantization, std::int64_t groups);

// `groups` consecutive groups of `dtype`. `biases` may be null where the mode has none. No pointer need be aligned.
Quantized quantize_groups(const Quantization& quantization, Dtype dtype, const std::byte* in, std::int64_t groups,
                          std::byte* words, std::byte* scales, std::byte* biases);
// The reverse, rounded to `dtype` after each step as MLX's own arithmetic does.
void dequantize_groups(const Quantization& quantization, Dtype dtype, const std::byte* words, const std::byte* scales,
                       const std::byte* biases, std::int64_t groups, std::byte* out);

// `count` codes, a multiple of 8, of a run of bits whose first is lowest: how MLX packs each row.
void unpack_codes(const std::byte* words, std::int64_t count, int bits, std::uint8_t* codes);

}  // namespace weights
}  // namespace torch2mlx
