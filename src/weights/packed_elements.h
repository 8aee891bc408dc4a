// Reading quantized matrices: their numbers, and their pieces as MLX stores them.
#pragma once

#include <optional>
#include <span>

#include "weights/elements.h"

namespace torch2mlx::weights {

// Elements of a part as `dtype`; the part lives here. There may be many, so what reading needs is made when it is asked
// for.
class PartReader {
 public:
  PartReader(Part part, Dtype dtype) : part_(std::move(part)), dtype_(dtype) {}
  Elements elements() const { return {part_, dtype_}; }
  void read(std::int64_t first, std::int64_t count, void* out, Scratch& scratch) const {
    elements().read(first, count, static_cast<std::byte*>(out), scratch);
  }

 private:
  Part part_;
  Dtype dtype_;
};

// A matrix in MLX's form: words [rows, columns * bits / 32], scales and biases [rows, columns / group_size].
struct PackedParts {
  Quantization quantization;
  Dtype dtype;  // of the numbers
  Part words, scales, biases;
  // Where the format tells a zero point apart: float32, as the scales. Numbers are (code - zero) * scale then, rounded
  // once, and biases = -zero * scale hold them as nearly as their type can.
  std::optional<Part> zeros = {};
  // int32, the group of each column, where they are not in turn: scales and zeros are [rows, groups] then.
  std::optional<Part> group_of = {};
};

// Its numbers: what mx.dequantize gives, or the format's own arithmetic where it has zeros.
Part dequantized(const PackedParts& packed, std::int64_t rows, std::int64_t columns);

// The same with rows and columns exchanged: [columns, rows].
Part turned(const PackedParts& packed, std::int64_t rows, std::int64_t columns);

// Why these are no quantized matrix of MLX; empty: they are.
std::string packed_problem(const Quantization& how, const Tensor& words, const Tensor& scales, const Tensor* biases);

// -zeros * scales in float32.
Part biases_of(const Part& zeros, const Part& scales);

// Integers that lie behind each other along axis 0 of `words`: 8-bit ones, or `bits` of 32-bit words.
struct Integers {
  Tensor words;  // two axes
  int bits;
  int delta = 0;                    // is added
  std::span<const int> order = {};  // where in a word each of 32 / bits neighbours stands; empty: in turn
};

// As float32 [integers, words.shape[1] * times], every one `times` times.
Part integers_of(const Integers& integers, std::int64_t times = 1);

// weight [rows, columns] * scales [ceil(rows / block_rows), ceil(columns / block_columns)] * last in float32.
Part scaled(Part weight, std::int64_t columns, const Tensor& scales, std::int64_t block_rows,
            std::int64_t block_columns, float last = 1);

// Those of a small tensor.
std::vector<std::int64_t> int64s_of(const Tensor& tensor);

// AWQ's words [columns, rows / 8], each 4 bits of 8 rows in `order`, as MLX's [rows, columns / 8].
Part words_of_columns(const Tensor& words, std::span<const int> order);

// Four bytes a word, the first lowest, each with the bits of `flipped` turned over (0x80: int8 as the code value +
// 128).
Part words_of_bytes(const Tensor& bytes, std::byte flipped);

// `value` spread over a shape.
Part constant(float value, const std::vector<std::int64_t>& shape);

}  // namespace torch2mlx::weights
