// What must hold for the tensors of any format before they leave a reader.
#pragma once

#include <cstdint>
#include <span>

#include "read/checkpoint.h"

namespace torch2mlx {

// Product of the sizes; throws Error(input) at `place` for a negative size or a product beyond 2^63 - 1 bytes.
std::int64_t checked_elements(std::span<const std::int64_t> shape, Dtype dtype, const std::string& place);

// Strides, in elements, of a dense row-major tensor. The shape has been checked.
std::vector<std::int64_t> row_major(std::span<const std::int64_t> shape);

// Throws Error(input) at `place` unless every element of the view lies in a storage of so many bytes.
void check_view(const Tensor& tensor, std::uint64_t storage_bytes, const std::string& place);

// Throws Error(input) for a name that occurs twice, that no terminal or JSON file can carry, or for tensors whose sum
// passes four times the input and 256 MiB (views of stride 0 make any size out of a few bytes).
void check_tensors(const std::vector<Tensor>& tensors, std::uint64_t input_bytes);

bool is_utf8(std::string_view text);

}  // namespace torch2mlx
