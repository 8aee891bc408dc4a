// Scans along an axis, the median and the mode.
#include <algorithm>

#include "ops/aten_families.h"
#include "ops/promotion.h"
#include "ops/rearrange.h"

namespace torch2mlx::ops {
namespace {

using Two = std::tuple<Value, Value>;

Value places(Mlx& mx, Value x, int axis) {
  Sizes sizes(mx.rank(x), 1);
  sizes[axis] = mx.dim(x, axis);
  return mx("reshape", mx("arange", std::nullopt, mx.dim(x, axis), std::nullopt, Dtype::int32), sizes);
}

// MLX's scans want at least one axis, and one element.
template <class F>
Value along(Mlx& mx, Value x, F&& f) {
  if (is_empty(mx, x)) return x;
  if (mx.rank(x) > 0) return f(x);
  return mx("squeeze", f(mx("expand_dims", x, 0)), 0);
}

Value cumprod(Mlx& mx, Value x, std::int64_t dim, std::optional<Dtype>) {
  const int axis = mx.axis(x, dim);
  const Dtype dtype = is_floating(mx.declared_dtype()) ? Dtype::float32 : mx.declared_dtype();
  return along(mx, mx.cast(x, dtype), [&](Value y) { return mx("cumprod", y, axis); });
}

Value logcumsumexp(Mlx& mx, Value x, std::int64_t dim) {
  const int axis = mx.axis(x, dim);
  return along(mx, mx.cast(x, Dtype::float32), [&](Value y) { return mx("logcumsumexp", y, axis); });
}

// The place is the last one at which x reached the extreme so far; a nan is more extreme than any number.
template <detail::Text name>
Two extreme_so_far(Mlx& mx, Value x, std::int64_t dim) {
  const int axis = mx.axis(x, dim);
  if (mx.rank(x) == 0) return {x, mx("full", Sizes{}, 0, Dtype::int64)};
  if (is_empty(mx, x)) return {x, mx.cast(x, Dtype::int64)};
  // MLX's scans know no booleans and lose a nan of halves.
  const Dtype dtype = mx.dtype(x);
  Value y = dtype == Dtype::boolean ? mx.cast(x, Dtype::int32) : x;
  if (is_floating(dtype)) y = mx.cast(x, Dtype::float32);
  const Value best = mx.unchecked(name.view(), y, axis);
  Value reached = mx("equal", y, best);
  if (is_floating(dtype)) reached = mx("logical_or", reached, mx("isnan", y));
  return {best, mx("cummax", mx("where", reached, places(mx, x, axis), 0), axis)};
}

// Values and places of one element of the sorted axis; `at`: its place, an array with size 1 along the axis.
Two sorted_at(Mlx& mx, Value x, int axis, Value at, bool keepdim) {
  const Value order = mx("argsort", x, axis);
  Value place = mx("take_along_axis", order, at, axis), value = mx("take_along_axis", x, place, axis);
  if (!keepdim) value = mx("squeeze", value, axis), place = mx("squeeze", place, axis);
  return {value, place};
}
Two sorted_at(Mlx& mx, Value x, int axis, const Size& at, bool keepdim) {
  const Value order = mx("argsort", x, axis);
  Value place = mx("slice", order, axis, std::optional(at), std::optional(mx.add(at, 1)), std::nullopt);
  Value value = mx("take_along_axis", x, place, axis);
  if (!keepdim) value = mx("squeeze", value, axis), place = mx("squeeze", place, axis);
  return {value, place};
}

// The lower one of two in the middle. Of an axis with a nan: that nan, or with `skips` the middle of the rest.
Two median_dim(Mlx& mx, Value x, std::int64_t dim, bool keepdim, bool skips) {
  const int axis = mx.axis(x, dim);
  if (mx.rank(x) == 0) return {x, mx("full", Sizes{}, 0, Dtype::int64)};
  if (!is_floating(mx.dtype(x))) return sorted_at(mx, x, axis, mx.floordiv(mx.sub(mx.dim(x, axis), 1), 2), keepdim);
  const std::vector<int> axes{axis};
  const Value absent = mx("sum", mx.cast(mx("isnan", x), Dtype::int32), axes, true);
  const Value count = mx("subtract", mx.dim(x, axis), absent);
  const Value middle = mx("floor_divide", mx("maximum", mx("subtract", count, 1), 0), 2);
  if (skips) return sorted_at(mx, x, axis, middle, keepdim);
  return sorted_at(mx, x, axis, mx("where", mx("greater", absent, 0), count, middle), keepdim);
}
template <bool skips>
Two median_along(Mlx& mx, Value x, std::int64_t dim, bool keepdim) {
  return median_dim(mx, x, dim, keepdim, skips);
}
template <bool skips>
Value median(Mlx& mx, Value x) {
  if (is_empty(mx, x)) mx.refuse("the median of nothing");
  return std::get<0>(median_dim(mx, mx("reshape", x, std::vector<int>{-1}), 0, false, skips));
}

// The most frequent value, the least of several; its place is that at which the count is full. In the sorted axis runs
// of equal values are counted by the distance from their starts.
Two mode(Mlx& mx, Value x, std::int64_t dim, bool keepdim) {
  const int axis = mx.axis(x, dim);
  if (mx.rank(x) == 0) return {x, mx("full", Sizes{}, 0, Dtype::int64)};
  const Value order = mx("argsort", x, axis), sorted = mx("take_along_axis", x, order, axis);
  const auto part = [&](Value y, std::optional<Size> from, std::optional<Size> to) {
    return mx("slice", y, axis, from, to, std::nullopt);
  };
  const Value place = places(mx, x, axis), first = mx.cast(part(mx("multiply", order, 0), {}, Size(1)), Dtype::int32);
  const Value differs = mx("not_equal", part(sorted, Size(1), {}), part(sorted, {}, Size(-1)));
  const Value starts = mx("where", differs, part(place, Size(1), {}), 0);
  const Value run = mx("subtract", place, mx("cummax", mx("concatenate", std::vector{first, starts}, axis), axis));
  const Value full = mx("argmax", run, axis, std::optional(true));
  Value value = mx("take_along_axis", sorted, full, axis), index = mx("take_along_axis", order, full, axis);
  if (!keepdim) value = mx("squeeze", value, axis), index = mx("squeeze", index, axis);
  return {value, index};
}

constexpr Lowering rows[] = {
    lower<cumprod, "cumprod(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor">,
    lower<logcumsumexp, "logcumsumexp(Tensor self, int dim) -> Tensor">,
    lower<extreme_so_far<"cummax">, "cummax(Tensor self, int dim) -> (Tensor values, Tensor indices)">,
    lower<extreme_so_far<"cummin">, "cummin(Tensor self, int dim) -> (Tensor values, Tensor indices)">,
    lower<mode, "mode(Tensor self, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)">,
    lower<median<false>, "median(Tensor self) -> Tensor">,
    lower<median_along<false>,
          "median.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)">,
    lower<median<true>, "nanmedian(Tensor self) -> Tensor">,
    lower<median_along<true>,
          "nanmedian.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)">,
};

}  // namespace

std::span<const Lowering> scan_lowerings() { return rows; }

}  // namespace torch2mlx::ops
