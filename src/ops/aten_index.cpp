// Reading by index tensors.
#include <fmt/format.h>

#include "ops/aten_families.h"

namespace torch2mlx::ops {
namespace {

// x[i0, i1, :, i2]: index arrays broadcast together. Only a run of adjacent axes keeps its place in torch, and MLX's
// gather takes such runs.
Value index(Mlx& mx, Value x, std::vector<OptValue> indices) {
  std::vector<Value> arrays;
  std::vector<int> axes;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    if (!indices[i]) continue;
    if (mx.dtype(*indices[i]) == Dtype::boolean) mx.refuse("reading by a boolean mask gives a shape that depends on data");
    if (!axes.empty() && axes.back() + 1 != static_cast<int>(i)) mx.refuse("index tensors on axes that are not adjacent");
    arrays.push_back(*indices[i]);
    axes.push_back(static_cast<int>(i));
  }
  if (arrays.size() == 1) return mx("take", x, arrays[0], axes[0]);
  return mx("gather", x, arrays, axes);
}

Value index_select(Mlx& mx, Value x, std::int64_t axis, Value indices) {
  return mx("take", x, indices, mx.axis(x, axis));
}

Value gather(Mlx& mx, Value x, std::int64_t dim, Value indices, [[maybe_unused]] bool sparse_grad) {
  const int axis = mx.axis(x, dim);
  // torch lets the other axes of `indices` be shorter: only that part of x is read.
  for (int i = 0; i < mx.rank(x); ++i)
    if (i != axis && mx.shape(x)[i] != mx.shape(indices)[i])
      x = mx("slice", x, i, 0, mx.dim(indices, i), std::nullopt);
  return mx("take_along_axis", x, indices, axis);
}

constexpr Lowering rows[] = {
    lower<index, "index.Tensor(Tensor self, Tensor?[] indices) -> Tensor">,
    lower<index_select, "index_select(Tensor self, int dim, Tensor index) -> Tensor">,
    lower<gather, "gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor">,
};

}  // namespace

std::span<const Lowering> index_lowerings() { return rows; }

}  // namespace torch2mlx::ops
