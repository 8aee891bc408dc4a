// Tensors with a slice replaced: what writes to views become.
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

// What an in-place overload of these writes.
Value fill(Mlx& mx, Value x, Scalar value) {
  if (!value.constant()) mx.refuse("filling with a size that is not constant");
  const Dtype dtype = mx.dtype(x);
  const Scalar held = dtype == Dtype::boolean ? Scalar(std::int64_t{*value.constant() != 0}) : stored_as(value, dtype);
  return mx("full", mx.dims(x), held, dtype);
}
Value fill_tensor(Mlx& mx, Value x, Value value) {
  value = mx.cast(value, mx.dtype(x));
  return mx.rank(x) == 0 ? value : mx("broadcast_to", value, mx.dims(x));
}
Value zero(Mlx& mx, Value x) { return fill(mx, x, 0); }

constexpr Lowering rows[] = {
    lower<slice_scatter,
          "slice_scatter(Tensor self, Tensor src, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> "
          "Tensor">,
    lower<select_scatter, "select_scatter(Tensor self, Tensor src, int dim, SymInt index) -> Tensor">,
    lower<fill, "fill.Scalar(Tensor self, Scalar value) -> Tensor">,
    lower<fill_tensor, "fill.Tensor(Tensor self, Tensor value) -> Tensor">,
    lower<zero, "zero(Tensor self) -> Tensor">,
};

}  // namespace

std::span<const Lowering> update_lowerings() { return rows; }

}  // namespace torch2mlx::ops
