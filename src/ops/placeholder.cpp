#include "ops/placeholder.h"

#include <fmt/format.h>

#include <stdexcept>

namespace torch2mlx::ops {

mx::array placeholder(const graph::Type& type, const graph::Dim::Binding& sizes) {
  mx::Shape shape;
  for (const graph::Dim& dim : type.shape) {
    const std::int64_t size = dim.evaluate(sizes);
    if (size > INT32_MAX) throw std::invalid_argument(fmt::format("an axis of {} elements", size));
    shape.push_back(static_cast<mx::ShapeElem>(size));
  }
  return mx::array(std::move(shape), to_mlx(type.dtype), nullptr, {});
}

}  // namespace torch2mlx::ops
