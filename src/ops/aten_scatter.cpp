// Writing by index: the result is a new array, the original stays as it was.
#include <fmt/format.h>

#include <algorithm>

#include "ops/aten_families.h"
#include "ops/indexing.h"
#include "ops/promotion.h"
#include "ops/rearrange.h"

namespace torch2mlx::ops {
namespace {

using Ints64 = std::vector<std::int64_t>;

Reduce reduce_of(Mlx& mx, const std::string& name) {
  if (name == "sum" || name == "add") return Reduce::sum;
  if (name == "prod" || name == "multiply") return Reduce::prod;
  if (name == "amax") return Reduce::amax;
  if (name == "amin") return Reduce::amin;
  if (name == "mean") return Reduce::mean;
  mx.refuse(fmt::format("reduction '{}'", name));
}

// x with src combined into it along an axis, where indices has as many axes as x and the shape of src.
Value combined(Mlx& mx, Value x, Value indices, Value src, int axis, Reduce reduce) {
  const int rank = mx.rank(x);
  if (is_wide(mx, x)) {
    for (int i = 0; i < rank; ++i)
      if (i != axis && mx.shape(x)[i] != mx.shape(indices)[i])
        mx.refuse("writing 64-bit integers into a part of the other axes");
    return combined_wide(mx, x, indices, src, axis, reduce);
  }
  std::vector<Value> grid;
  for (int i = 0; i < rank; ++i) grid.push_back(i == axis ? indices : counting(mx, mx.dim(indices, i), i, rank));
  return mx.unchecked(combining(reduce).scatter, x, src, grid, axes_up_to(rank));
}

// x with `part` written over its first elements along every axis.
Value with_corner(Mlx& mx, Value x, Value part, int axis) {
  for (; axis >= 0; --axis) {
    if (mx.shape(x)[axis] == mx.shape(part)[axis]) continue;
    Value lead = x;
    for (int i = 0; i < axis; ++i) lead = cut(mx, lead, i, std::nullopt, mx.dim(part, i));
    part = concatenated(mx, {part, cut(mx, lead, axis, mx.dim(part, axis), std::nullopt)}, axis);
  }
  return part;
}

// Indices that leave out the ends of other axes write into that part of x alone.
Value put_into_part(Mlx& mx, Value x, Value indices, Value src, int axis) {
  Value part = x;
  for (int i = 0; i < mx.rank(x); ++i)
    if (i != axis && mx.shape(x)[i] != mx.shape(indices)[i]) part = cut(mx, part, i, std::nullopt, mx.dim(indices, i));
  part = put_along(mx, part, indices, src, axis);
  return with_corner(mx, x, part, mx.rank(x) - 1);
}

// torch reads of src as much as there are indices.
Value fitted(Mlx& mx, Value src, Value indices) {
  for (int i = 0; i < mx.rank(src); ++i)
    if (mx.shape(src)[i] != mx.shape(indices)[i]) src = cut(mx, src, i, std::nullopt, mx.dim(indices, i));
  return src;
}

// Scalars count as one element; f works on arrays with axes.
template <class F>
Value with_axes(Mlx& mx, Value x, Value indices, Value src, F&& f) {
  if (mx.rank(indices) == 0) indices = expanded(mx, indices, 0);
  if (mx.rank(src) == 0) src = expanded(mx, src, 0);
  if (is_empty(mx, indices)) return x;
  if (mx.rank(x) > 0) return f(x, indices, src);
  return mx("squeeze", f(expanded(mx, x, 0), indices, src), 0);
}

Value scatter(Mlx& mx, Value x, std::int64_t dim, Value indices, Value src) {
  const int axis = mx.axis(x, dim);
  return with_axes(mx, x, indices, src, [&](Value to, Value at, Value from) {
    return put_into_part(mx, to, at, fitted(mx, from, at), axis);
  });
}
Value number_like(Mlx& mx, Value x, const Scalar& value) {
  return mx("full", Sizes{}, stored_as(value, mx.dtype(x)), mx.dtype(x));
}
Value scatter_value(Mlx& mx, Value x, std::int64_t dim, Value indices, Scalar value) {
  const int axis = mx.axis(x, dim);
  const Value number = number_like(mx, x, value);
  return with_axes(mx, x, indices, number,
                   [&](Value to, Value at, Value) { return put_into_part(mx, to, at, number, axis); });
}

Value ones_like(Mlx& mx, Value x, Dtype dtype) { return mx("full", mx.dims(x), 1, dtype); }

// Sums divided by how many numbers went into them.
Value averaged(Mlx& mx, Value sums, Value counts) {
  const Value divisor = mx("maximum", counts, 1);
  if (is_floating(mx.dtype(sums))) return mx("divide", sums, mx.cast(divisor, mx.dtype(sums)));
  return mx("floor_divide", sums, mx.cast(divisor, mx.dtype(sums)));
}

// `f(x, src, reduce)` combines src into x, `fill(x, value)` writes a number to the same places.
template <class F, class G>
Value reduced(Mlx& mx, Value x, Value src, Reduce reduce, bool include_self, F&& f, G&& fill) {
  if (row(mx.dtype(x)).kind == DtypeKind::boolean) mx.refuse("combining booleans");
  const Value base = include_self ? x : fill(x, neutral(mx, mx.dtype(x), reduce));
  if (reduce != Reduce::mean) return f(base, src, reduce);
  const Dtype counted = is_wide(mx, x) ? Dtype::int64 : Dtype::int32;
  const Value own = ones_like(mx, x, counted);
  const Value counts =
      f(include_self ? own : fill(own, Scalar(std::int64_t{0})), ones_like(mx, src, counted), Reduce::sum);
  return averaged(mx, f(base, src, Reduce::sum), counts);
}

Value scatter_reduce(Mlx& mx, Value x, std::int64_t dim, Value indices, Value src, std::string reduce,
                     bool include_self) {
  const int axis = mx.axis(x, dim);
  return with_axes(mx, x, indices, src, [&](Value to, Value at, Value from) {
    return reduced(
        mx, to, fitted(mx, from, at), reduce_of(mx, reduce), include_self,
        [&](Value base, Value values, Reduce how) { return combined(mx, base, at, values, axis, how); },
        [&](Value base, const Scalar& value) {
          return put_into_part(mx, base, at, number_like(mx, base, value), axis);
        });
  });
}
Value scatter_add(Mlx& mx, Value x, std::int64_t dim, Value indices, Value src) {
  return scatter_reduce(mx, x, dim, indices, src, "sum", true);
}
Value scatter_combine(Mlx& mx, Value x, std::int64_t dim, Value indices, Value src, std::string reduce) {
  return scatter_reduce(mx, x, dim, indices, src, reduce, true);
}
Value scatter_combine_value(Mlx& mx, Value x, std::int64_t dim, Value indices, Scalar value, std::string reduce) {
  return scatter_reduce(mx, x, dim, indices, broadcast(mx, number_like(mx, x, value), mx.dims(indices)), reduce, true);
}

// ---- index_add, index_copy ...: a vector of indices along one axis, whole slices of the others.

template <class F>
Value along_axis(Mlx& mx, Value x, std::int64_t dim, Value indices, Value src, F&& f) {
  const int axis = mx.axis(x, dim);
  return with_axes(mx, x, indices, src, [&](Value to, Value at, Value from) { return f(to, at, from, axis); });
}

Value combined_slices(Mlx& mx, Value x, Value indices, Value src, int axis, Reduce reduce) {
  if (is_wide(mx, x)) return combined_wide(mx, x, along(mx, indices, axis, mx.rank(x)), src, axis, reduce);
  return mx.unchecked(combining(reduce).scatter, x, src, std::vector<Value>{indices}, std::vector<int>{axis});
}

Value index_add(Mlx& mx, Value x, std::int64_t dim, Value indices, Value src, Scalar alpha) {
  if (alpha.constant() != 1) src = mx("multiply", src, stored_as(alpha, mx.dtype(src)));
  return along_axis(mx, x, dim, indices, src, [&](Value to, Value at, Value from, int axis) {
    return combined_slices(mx, to, at, from, axis, Reduce::sum);
  });
}
Value index_copy(Mlx& mx, Value x, std::int64_t dim, Value indices, Value src) {
  return along_axis(mx, x, dim, indices, src, [&](Value to, Value at, Value from, int axis) {
    return put_along(mx, to, along(mx, at, axis, mx.rank(to)), from, axis);
  });
}
Value index_fill_tensor(Mlx& mx, Value x, std::int64_t dim, Value indices, Value value) {
  const Value number = mx.cast(value, mx.dtype(x));
  return along_axis(mx, x, dim, indices, number, [&](Value to, Value at, Value, int axis) {
    return put_along(mx, to, along(mx, at, axis, mx.rank(to)), number, axis);
  });
}
Value index_fill(Mlx& mx, Value x, std::int64_t dim, Value indices, Scalar value) {
  return index_fill_tensor(mx, x, dim, indices, number_like(mx, x, value));
}
Value index_reduce(Mlx& mx, Value x, std::int64_t dim, Value indices, Value src, std::string reduce,
                   bool include_self) {
  return along_axis(mx, x, dim, indices, src, [&](Value to, Value at, Value from, int axis) {
    return reduced(
        mx, to, from, reduce_of(mx, reduce), include_self,
        [&](Value base, Value values, Reduce how) { return combined_slices(mx, base, at, values, axis, how); },
        [&](Value base, const Scalar& value) {
          return put_along(mx, base, along(mx, at, axis, mx.rank(base)), number_like(mx, base, value), axis);
        });
  });
}

// ---- masks

// x[mask] = source, element after element. Where the mask is false any element will do.
Value masked_scatter(Mlx& mx, Value x, Value mask, Value source) {
  if (is_empty(mx, source) || is_empty(mx, x)) return x;
  if (const auto* rows = mx.rows ? mx.rows->find(source.ref) : nullptr) {
    const Shape &to = mx.shape(x), &from = mx.shape(source);
    const int picked = mx.rank({rows->mask});
    const bool whole = rows->axis == 0 && mx.rank(mask) == mx.rank(x) && mx.rank(x) - picked == mx.rank(source) - 1 &&
                       std::equal(from.begin() + 1, from.end(), to.begin() + picked);
    if (!whole || !mx.rows->is_widened(mx.graph(), mask.ref, rows->mask))
      mx.refuse("writing by a mask what another mask picked");
    return mx("where", mask, mx.cast(at_their_places(mx, source), mx.dtype(x)), x);
  }
  const Sizes sizes = common_sizes(mx, {x, mask});
  mask = broadcast(mx, mask, sizes);
  const Value order = mx("cumsum", mx("reshape", mask, std::vector<int>{-1}), 0);
  const Value from = mx("take", mx("reshape", source, std::vector<int>{-1}), mx("subtract", order, 1), 0);
  return mx("where", mask, mx.cast(mx("reshape", from, sizes), mx.dtype(x)), x);
}

Value diagonal_scatter(Mlx& mx, Value x, Value src, std::int64_t offset, std::int64_t dim1, std::int64_t dim2) {
  const int row = mx.axis(x, dim1), column = mx.axis(x, dim2), last = mx.rank(x) - 1;
  if (is_empty(mx, src)) return x;
  if (offset < 0) return diagonal_scatter(mx, x, src, -offset, dim2, dim1);
  // As the last two axes; an element is found by its row.
  std::vector<int> order = axes_up_to(mx.rank(x)), back(mx.rank(x));
  std::erase_if(order, [&](int axis) { return axis == row || axis == column; });
  order.insert(order.end(), {row, column});
  for (std::size_t i = 0; i < order.size(); ++i) back[order[i]] = static_cast<int>(i);
  const Value turned = mx("transpose", x, order);
  const Size rows = mx.dim(turned, last - 1), columns = mx.dim(turned, last);
  const Value hit = on_diagonal(mx, rows, columns, offset);
  const Value places = mx("minimum", counting(mx, rows, 0, 1), mx.sub(mx.dim(src, last - 1), 1));
  const Value spread = expanded(mx, mx("take", mx.cast(src, mx.dtype(x)), places, last - 1), last);
  return mx("transpose", mx("where", hit, spread, turned), back);
}

Value copied(Mlx& mx, Value x, Value src, [[maybe_unused]] bool non_blocking) {
  return broadcast(mx, mx.cast(src, mx.dtype(x)), mx.dims(x));
}

constexpr Lowering rows[] = {
    lower<scatter, "scatter.src(Tensor self, int dim, Tensor index, Tensor src) -> Tensor">,
    lower<scatter_value, "scatter.value(Tensor self, int dim, Tensor index, Scalar value) -> Tensor">,
    lower<scatter_combine, "scatter.reduce(Tensor self, int dim, Tensor index, Tensor src, *, str reduce) -> Tensor">,
    lower<scatter_combine_value,
          "scatter.value_reduce(Tensor self, int dim, Tensor index, Scalar value, *, str reduce) -> Tensor">,
    lower<scatter_add, "scatter_add(Tensor self, int dim, Tensor index, Tensor src) -> Tensor">,
    lower<scatter_reduce,
          "scatter_reduce.two(Tensor self, int dim, Tensor index, Tensor src, str reduce, *, bool include_self=True) "
          "-> Tensor">,
    lower<index_add, "index_add(Tensor self, int dim, Tensor index, Tensor source, *, Scalar alpha=1) -> Tensor">,
    lower<index_copy, "index_copy(Tensor self, int dim, Tensor index, Tensor source) -> Tensor">,
    lower<index_fill, "index_fill.int_Scalar(Tensor self, int dim, Tensor index, Scalar value) -> Tensor">,
    lower<index_fill_tensor, "index_fill.int_Tensor(Tensor self, int dim, Tensor index, Tensor value) -> Tensor">,
    lower<index_reduce,
          "index_reduce(Tensor self, int dim, Tensor index, Tensor source, str reduce, *, bool include_self=True) -> "
          "Tensor">,
    lower<masked_scatter, "masked_scatter(Tensor self, Tensor mask, Tensor source) -> Tensor">,
    lower<diagonal_scatter,
          "diagonal_scatter(Tensor self, Tensor src, int offset=0, int dim1=0, int dim2=1) -> Tensor">,
    lower<copied, "copy(Tensor self, Tensor src, bool non_blocking=False) -> Tensor">,
};

}  // namespace

std::span<const Lowering> scatter_lowerings() { return rows; }

}  // namespace torch2mlx::ops
