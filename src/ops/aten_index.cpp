// Reading by index tensors.
#include <algorithm>
#include <numeric>

#include "ops/aten_families.h"

namespace torch2mlx::ops {
namespace {

// The axes of x reordered: these first.
Value moved_to_front(Mlx& mx, Value x, const std::vector<int>& axes) {
  std::vector<int> order = axes;
  for (int i = 0; i < mx.rank(x); ++i)
    if (std::ranges::find(axes, i) == axes.end()) order.push_back(i);
  return mx("transpose", x, order);
}

// x[i0, i1, :, i2]: index arrays broadcast together. The result's axes take the place of a run of adjacent axes, and
// come first otherwise.
Value index(Mlx& mx, Value x, std::vector<OptValue> indices) {
  std::vector<Value> arrays;
  std::vector<int> axes;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    if (!indices[i]) continue;
    if (mx.dtype(*indices[i]) == Dtype::boolean)
      mx.refuse("reading by a boolean mask gives a shape that depends on data");
    arrays.push_back(*indices[i]);
    axes.push_back(static_cast<int>(i));
  }
  if (arrays.empty()) return x;
  if (arrays.size() == 1) return mx("take", x, arrays[0], axes[0]);
  if (axes.back() - axes.front() >= static_cast<int>(axes.size())) {
    x = moved_to_front(mx, x, axes);
    std::iota(axes.begin(), axes.end(), 0);
  }
  return mx("gather", x, arrays, axes);
}

Value index_select(Mlx& mx, Value x, std::int64_t axis, Value indices) {
  // Scalars count as one element.
  if (mx.rank(x) == 0) return mx("reshape", x, std::vector<int>{});
  if (mx.rank(indices) == 0) indices = mx("expand_dims", indices, 0);
  return mx("take", x, indices, mx.axis(x, axis));
}

Value gather(Mlx& mx, Value x, std::int64_t dim, Value indices, [[maybe_unused]] bool sparse_grad) {
  const int axis = mx.axis(x, dim);
  if (mx.rank(x) == 0 && mx.rank(indices) == 0) return x;
  if (mx.rank(x) == 0) x = mx("expand_dims", x, 0);
  if (mx.rank(indices) == 0) return mx("squeeze", gather(mx, x, dim, mx("expand_dims", indices, 0), false), 0);
  // torch lets the other axes of `indices` be shorter: only that part of x is read.
  for (int i = 0; i < mx.rank(x); ++i)
    if (i != axis && mx.shape(x)[i] != mx.shape(indices)[i]) x = mx("slice", x, i, 0, mx.dim(indices, i), std::nullopt);
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
