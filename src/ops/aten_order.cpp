// Sorting, and extremes together with their places.
#include "ops/aten_families.h"

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

// Places of the elements in order; equal ones stay as they stand.
Value order_of(Mlx& mx, Value x, int axis, bool descending) {
  if (!descending) return mx("argsort", x, axis);
  if (row(mx.dtype(x)).kind == DtypeKind::boolean || row(mx.dtype(x)).torch.starts_with("u"))
    mx.refuse("sorting unsigned numbers downwards has no MLX form yet");
  return mx("argsort", mx("negative", x), axis);
}

Two sort_stable(Mlx& mx, Value x, [[maybe_unused]] std::optional<bool> stable, std::int64_t dim, bool descending) {
  if (mx.rank(x) == 0) return {x, mx("full", Sizes{}, 0, Dtype::int64)};
  const int axis = mx.axis(x, dim);
  const Value order = order_of(mx, x, axis, descending);
  return {mx("take_along_axis", x, order, axis), order};
}
Two sort(Mlx& mx, Value x, std::int64_t dim, bool descending) { return sort_stable(mx, x, {}, dim, descending); }

Value argsort(Mlx& mx, Value x, std::int64_t dim, bool descending) { return std::get<1>(sort(mx, x, dim, descending)); }

// torch leaves the order of unsorted results open, so they may be sorted.
Two topk(Mlx& mx, Value x, Size k, std::int64_t dim, bool largest, [[maybe_unused]] bool sorted) {
  if (mx.rank(x) == 0) mx.refuse("the largest of a number");
  const int axis = mx.axis(x, dim);
  const Value order =
      mx("slice", order_of(mx, x, axis, largest), axis, std::nullopt, std::optional<Size>(k), std::nullopt);
  return {mx("take_along_axis", x, order, axis), order};
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
    lower<topk,
          "topk(Tensor self, SymInt k, int dim=-1, bool largest=True, bool sorted=True) -> (Tensor values, Tensor "
          "indices)">,
};

}  // namespace

std::span<const Lowering> order_lowerings() { return rows; }

}  // namespace torch2mlx::ops
