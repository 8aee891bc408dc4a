#include "read/check.h"

#include <fmt/format.h>

#include <string_view>
#include <unordered_set>

#include "read/bytes.h"

namespace torch2mlx {
namespace {

constexpr std::size_t max_rank = 64;
constexpr std::uint64_t max_bytes = INT64_MAX;

}  // namespace

std::int64_t Tensor::elements() const {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  return count;
}

bool Tensor::contiguous() const {
  std::int64_t expected = 1;
  for (std::size_t i = shape.size(); i-- > 0;) {
    if (shape[i] == 0) return true;
    if (shape[i] != 1 && strides[i] != expected) return false;
    expected *= shape[i];
  }
  return true;
}

std::int64_t checked_elements(std::span<const std::int64_t> shape, Dtype dtype, const std::string& place) {
  if (shape.size() > max_rank) refuse(place, fmt::format("{} dimensions; at most {} are read", shape.size(), max_rank));
  std::uint64_t bytes = size_of(dtype);
  bool empty = false;
  for (const std::int64_t size : shape) {
    if (size < 0) refuse(place, fmt::format("negative size {}", size));
    if (size == 0) empty = true;
    // A later 0 does not excuse sizes whose product wraps: consumers multiply in any order.
    const auto product = multiply(bytes, static_cast<std::uint64_t>(size == 0 ? 1 : size));
    if (!product || *product > max_bytes) refuse(place, "the product of the sizes is too large");
    bytes = *product;
  }
  return empty ? 0 : static_cast<std::int64_t>(bytes / size_of(dtype));
}

std::vector<std::int64_t> row_major(std::span<const std::int64_t> shape) {
  std::vector<std::int64_t> strides(shape.size());
  std::int64_t stride = 1;
  for (std::size_t i = shape.size(); i-- > 0;) {
    strides[i] = stride;
    stride *= shape[i] == 0 ? 1 : shape[i];
  }
  return strides;
}

void check_view(const Tensor& tensor, std::uint64_t storage_bytes, const std::string& place) {
  if (tensor.shape.size() != tensor.strides.size())
    refuse(place, fmt::format("{} sizes but {} strides", tensor.shape.size(), tensor.strides.size()));
  const std::int64_t elements = checked_elements(tensor.shape, tensor.dtype, place);
  if (tensor.offset < 0) refuse(place, fmt::format("negative storage offset {}", tensor.offset));
  const std::uint64_t available = storage_bytes / size_of(tensor.dtype);
  std::uint64_t last = static_cast<std::uint64_t>(tensor.offset);
  for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
    if (tensor.strides[i] < 0) refuse(place, fmt::format("negative stride {}", tensor.strides[i]));
    if (elements == 0) continue;
    const auto step =
        multiply(static_cast<std::uint64_t>(tensor.shape[i] - 1), static_cast<std::uint64_t>(tensor.strides[i]));
    if (!step || *step > max_bytes || __builtin_add_overflow(last, *step, &last))
      refuse(place, "strides reach beyond any storage");
  }
  if (elements != 0 && last >= available)
    refuse(place, fmt::format("reaches element {} of a storage of {}", last, available));
}

void check_tensors(const std::vector<Tensor>& tensors, std::uint64_t input_bytes) {
  std::unordered_set<std::string_view> names;
  const std::uint64_t budget = 4 * input_bytes + (std::uint64_t{256} << 20);
  std::uint64_t total = 0;
  for (const Tensor& tensor : tensors) {
    const std::string place = fmt::format("tensor '{}'", printable(tensor.name));
    if (!is_utf8(tensor.name)) refuse(place, "the name is not UTF-8");
    if (!names.insert(tensor.name).second) refuse(place, "the name occurs twice");
    const std::uint64_t bytes = static_cast<std::uint64_t>(tensor.elements()) * size_of(tensor.dtype);
    if (bytes > budget - total) refuse(place, "the tensors are more than four times as large as the file holds");
    total += bytes;
  }
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[k]); };
    const unsigned char lead = byte(i);
    const std::size_t n = lead < 0x80                   ? 1
                          : lead >= 0xC2 && lead < 0xE0 ? 2
                          : lead >= 0xE0 && lead < 0xF0 ? 3
                          : lead >= 0xF0 && lead < 0xF5 ? 4
                                                        : 0;
    if (n == 0 || i + n > text.size()) return false;
    for (std::size_t k = 1; k < n; ++k)
      if ((byte(i + k) & 0xC0) != 0x80) return false;
    // Overlong forms, surrogates and what lies beyond U+10FFFF.
    if ((lead == 0xE0 && byte(i + 1) < 0xA0) || (lead == 0xED && byte(i + 1) >= 0xA0) ||
        (lead == 0xF0 && byte(i + 1) < 0x90) || (lead == 0xF4 && byte(i + 1) >= 0x90))
      return false;
    i += n;
  }
  return true;
}

}  // namespace torch2mlx
