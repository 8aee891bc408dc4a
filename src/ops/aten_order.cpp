// Sorting, and extremes together with their places.
#include "ops/aten_families.h"
#include "ops/rearrange.h"

namespace torch2mlx::ops {
namespace {

using Two = std::tuple<Value, Value>;

template <detail::Text value, detail::Text place>
Two extreme(Mlx& mx, Value x, std::int64_t dim, bool keepdim) {
  if (mx.rank(x) == 0) return {x, mx("full", Sizes{}, 0, Dtype::int64)};
  const int axis = mx.axis(x, dim);
  const std::optional<bool> kept = keepdim ? std::optional(true) : std::nullopt;
  const Value best = mx.unchecked(value.view(), x, std::vector<int>{axis}, kept);
  return {best, mx.unchecked(place.view(), x, axis, kept)};
}

// Places of the elements in order; equal ones stay as they stand. nan is larger than all numbers, in torch and in MLX.
Value order_of(Mlx& mx, Value x, int axis, bool descending) {
  if (!descending) return mx("argsort", x, axis);
  // Upwards from the other end, read backwards: so equal ones stay in order, and there is no number to negate.
  const std::vector<int> axes{axis};
  const Value order = mx("flip", mx("argsort", mx("flip", x, axes), axis), axes);
  return mx("subtract", mx.sub(mx.dim(x, axis), 1), mx.cast(order, Dtype::int32));
}

Two sort_stable(Mlx& mx, Value x, [[maybe_unused]] std::optional<bool> stable, std::int64_t dim, bool descending) {
  if (mx.rank(x) == 0) return {x, mx("full", Sizes{}, 0, Dtype::int64)};
  const int axis = mx.axis(x, dim);
  const Value order = order_of(mx, x, axis, descending);
  return {mx("take_along_axis", x, order, axis), order};
}
Two sort(Mlx& mx, Value x, std::int64_t dim, bool descending) { return sort_stable(mx, x, {}, dim, descending); }

Value argsort(Mlx& mx, Value x, std::int64_t dim, bool descending) { return std::get<1>(sort(mx, x, dim, descending)); }
Value argsort_stable(Mlx& mx, Value x, bool stable, std::int64_t dim, bool descending) {
  return std::get<1>(sort_stable(mx, x, stable, dim, descending));
}
Value sorted_rows(Mlx& mx, Value x) { return std::get<0>(sort(mx, x, 0, false)); }

// torch leaves open which of equal elements come first, and the order of unsorted results, so they may be sorted.
Two topk(Mlx& mx, Value x, Size k, std::int64_t dim, bool largest, [[maybe_unused]] bool sorted) {
  if (mx.rank(x) == 0) return {x, mx("full", Sizes{}, 0, Dtype::int64)};
  const int axis = mx.axis(x, dim);
  Value order = mx("argsort", x, axis);
  if (largest) order = mx("flip", order, std::vector<int>{axis});
  order = cut(mx, order, axis, std::nullopt, k);
  return {mx("take_along_axis", x, order, axis), order};
}

// The k-th smallest, counted from one.
Two kthvalue(Mlx& mx, Value x, Size k, std::int64_t dim, bool keepdim) {
  if (mx.rank(x) == 0) return {x, mx("full", Sizes{}, 0, Dtype::int64)};
  const int axis = mx.axis(x, dim);
  const Value place = cut(mx, mx("argsort", x, axis), axis, mx.sub(k, 1), k);
  const Value value = mx("take_along_axis", x, place, axis);
  if (keepdim) return {value, place};
  return {mx("squeeze", value, axis), mx("squeeze", place, axis)};
}

constexpr Lowering rows[] = {
    lower<extreme<"max", "argmax">,
          "max.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)">,
    lower<extreme<"min", "argmin">,
          "min.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)">,
    lower<sort, "sort(Tensor self, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)">,
    lower<sort_stable,
          "sort.stable(Tensor self, *, bool? stable, int dim=-1, bool descending=False) -> (Tensor values, Tensor "
          "indices)">,
    lower<argsort, "argsort(Tensor self, int dim=-1, bool descending=False) -> Tensor">,
    lower<argsort_stable, "argsort.stable(Tensor self, *, bool stable, int dim=-1, bool descending=False) -> Tensor">,
    lower<sorted_rows, "msort(Tensor self) -> Tensor">,
    lower<topk,
          "topk(Tensor self, SymInt k, int dim=-1, bool largest=True, bool sorted=True) -> (Tensor values, Tensor "
          "indices)">,
    lower<kthvalue,
          "kthvalue(Tensor self, SymInt k, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)">,
};

}  // namespace

std::span<const Lowering> order_lowerings() { return rows; }

}  // namespace torch2mlx::ops
