#include <fmt/format.h>

#include <cstring>
#include <vector>

#include "base/error.h"
#include "run/executor.h"

namespace torch2mlx::run {
namespace {

namespace mx = ops::mx;

// Copies the strided elements into row-major order.
std::vector<std::byte> gathered(const torch2mlx::Tensor& tensor) {
  const std::size_t size = size_of(tensor.dtype);
  const std::int64_t count = tensor.elements();
  std::vector<std::byte> out(static_cast<std::size_t>(count) * size);
  const std::byte* base = tensor.storage->bytes.data() + static_cast<std::size_t>(tensor.offset) * size;
  if (tensor.contiguous()) {
    if (count > 0) std::memcpy(out.data(), base, out.size());
    return out;
  }
  std::vector<std::int64_t> index(tensor.shape.size(), 0);
  for (std::int64_t n = 0; n < count; ++n) {
    std::int64_t at = 0;
    for (std::size_t i = 0; i < index.size(); ++i) at += index[i] * tensor.strides[i];
    std::memcpy(out.data() + static_cast<std::size_t>(n) * size, base + at * static_cast<std::int64_t>(size), size);
    for (std::size_t i = index.size(); i-- > 0 && ++index[i] == tensor.shape[i];) index[i] = 0;
  }
  return out;
}

}  // namespace

mx::array to_array(const torch2mlx::Tensor& tensor) {
  if (tensor.storage->big_endian)
    throw Error(ErrorKind::unsupported, tensor.name, "big-endian constants cannot be run");
  mx::Shape shape;
  for (const std::int64_t size : tensor.shape) shape.push_back(static_cast<mx::ShapeElem>(size));
  std::vector<std::byte> bytes = gathered(tensor);
  if (tensor.dtype == Dtype::float64) {
    const std::span values(reinterpret_cast<const double*>(bytes.data()), bytes.size() / sizeof(double));
    const std::vector<float> narrow(values.begin(), values.end());
    return mx::array(narrow.begin(), shape, mx::float32);
  }
  if (row(tensor.dtype).as_mlx != tensor.dtype)
    throw Error(ErrorKind::unsupported, tensor.name, fmt::format("MLX has no {}", row(tensor.dtype).torch));
  if (bytes.empty()) return mx::zeros(shape, ops::to_mlx(tensor.dtype));
  auto* owned = new std::vector<std::byte>(std::move(bytes));
  return mx::array(owned->data(), shape, ops::to_mlx(tensor.dtype), [owned](void*) { delete owned; });
}

}  // namespace torch2mlx::run
