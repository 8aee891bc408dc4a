// Tensors with a slice replaced: what writes to views become.
#include "ops/aten_families.h"

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

constexpr Lowering rows[] = {
    lower<slice_scatter,
          "slice_scatter(Tensor self, Tensor src, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> "
          "Tensor">,
    lower<select_scatter, "select_scatter(Tensor self, Tensor src, int dim, SymInt index) -> Tensor">,
};

}  // namespace

std::span<const Lowering> update_lowerings() { return rows; }

}  // namespace torch2mlx::ops
