// Tensors with a part replaced: what writes to views become.
#include <algorithm>

#include "ops/aten_families.h"
#include "ops/promotion.h"

namespace torch2mlx::ops {
namespace {

constexpr std::int64_t to_end = INT64_MAX;

// x[:, :, item] = src
Value assigned(Mlx& mx, Value x, Value src, int axis, graph::Arg item) {
  graph::List items(axis, ":");
  items.push_back(std::move(item));
  return mx("index_update", x, mx.cast(src, mx.dtype(x)), items);
}

Value slice_scatter(Mlx& mx, Value x, Value src, std::int64_t dim, std::optional<Size> start, std::optional<Size> end,
                    std::int64_t step) {
  const bool from_first = !start || start->constant() == 0;
  const bool to_last = !end || end->constant() == to_end;
  if (from_first && to_last && step == 1) return mx.cast(src, mx.dtype(x));
  graph::List range(3);
  if (!from_first) range[0] = to_arg(*start);
  if (!to_last) range[1] = to_arg(*end);
  if (step != 1) range[2] = step;
  return assigned(mx, x, src, mx.axis(x, dim), std::move(range));
}

Value select_scatter(Mlx& mx, Value x, Value src, std::int64_t dim, Size index) {
  return assigned(mx, x, src, mx.axis(x, dim), to_arg(index));
}

// The diagonal's elements stand in its row, or its column where there are more columns; a mask tells which are replaced.
Value diagonal_scatter(Mlx& mx, Value x, Value src, std::int64_t offset, std::int64_t dim1, std::int64_t dim2) {
  const int a = mx.axis(x, dim1), b = mx.axis(x, dim2), rank = mx.rank(x);
  const auto rows = mx.shape(x)[a].constant(), columns = mx.shape(x)[b].constant();
  const auto count = mx.shape(src).back().constant();
  if (!rows || !columns || !count) mx.refuse("a diagonal of an axis whose size is not constant");
  if (*count == 0) return x;
  const std::int64_t first_row = std::max<std::int64_t>(-offset, 0);
  // src: (others, count) -> (others, rows, 1), its elements in the rows of the diagonal.
  graph::List widths(rank - 1, graph::List{0, 0});
  widths.back() = graph::List{first_row, *rows - first_row - *count};
  Value values = mx("expand_dims", mx("pad", mx.cast(src, mx.dtype(x)), widths, 0), -1);
  const auto range = [&](std::int64_t size) { return mx("arange", std::nullopt, size, std::nullopt, Dtype::int32); };
  const Value row = mx("expand_dims", range(*rows), 1);
  Value mask = mx("equal", range(*columns), offset == 0 ? row : mx("add", row, offset));
  // Both come as (others, rows, columns); the axes go back to their places.
  std::vector<int> order(rank);
  for (int i = 0, next = 0; i < rank; ++i) order[i] = i == a ? rank - 2 : i == b ? rank - 1 : next++;
  const bool moved = !std::ranges::is_sorted(order);
  if (moved) {
    values = mx("transpose", values, order);
    for (int i = rank - 3; i >= 0; --i) mask = mx("expand_dims", mask, 0);
    mask = mx("transpose", mask, order);
  }
  return mx("where", mask, values, x);
}

Value copy(Mlx& mx, Value x, Value src, [[maybe_unused]] bool non_blocking) {
  src = mx.cast(src, mx.dtype(x));
  return mx.shape(src) == mx.shape(x) ? src : mx("broadcast_to", src, mx.dims(x));
}

Value fill(Mlx& mx, Value x, Scalar value) {
  if (!value.constant()) mx.refuse("filling with a size that is not constant");
  const Dtype dtype = mx.dtype(x);
  const Scalar held = dtype == Dtype::boolean ? Scalar(std::int64_t{*value.constant() != 0}) : stored_as(value, dtype);
  return mx("full", mx.dims(x), held, dtype);
}
Value fill_tensor(Mlx& mx, Value x, Value value) { return copy(mx, x, value, false); }
Value zero(Mlx& mx, Value x) { return fill(mx, x, 0); }

constexpr Lowering rows[] = {
    lower<slice_scatter,
          "slice_scatter(Tensor self, Tensor src, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> "
          "Tensor">,
    lower<select_scatter, "select_scatter(Tensor self, Tensor src, int dim, SymInt index) -> Tensor">,
    lower<diagonal_scatter,
          "diagonal_scatter(Tensor self, Tensor src, int offset=0, int dim1=0, int dim2=1) -> Tensor">,
    lower<copy, "copy(Tensor self, Tensor src, bool non_blocking=False) -> Tensor">,
    lower<fill, "fill.Scalar(Tensor self, Scalar value) -> Tensor">,
    lower<fill_tensor, "fill.Tensor(Tensor self, Tensor value) -> Tensor">,
    lower<zero, "zero(Tensor self) -> Tensor">,
};

}  // namespace

std::span<const Lowering> update_lowerings() { return rows; }

}  // namespace torch2mlx::ops
