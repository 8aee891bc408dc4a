#include "ops/rearrange.h"

#include <algorithm>
#include <numeric>

namespace torch2mlx::ops {

std::vector<int> axes_up_to(int rank) {
  std::vector<int> axes(rank);
  std::iota(axes.begin(), axes.end(), 0);
  return axes;
}

Value reshaped(Mlx& mx, Value x, Sizes sizes) {
  // With declared sizes the last one need not be guessed from symbols.
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i].constant() != -1 || mx.declared.empty() || mx.declared[0].shape.size() != sizes.size()) continue;
    if (const auto size = mx.declared[0].shape[i].constant()) sizes[i] = *size;
  }
  return mx("reshape", x, sizes);
}

Value cut(Mlx& mx, Value x, int axis, std::optional<Size> start, std::optional<Size> stop) {
  if (start && start->constant() == 0) start.reset();
  return start || stop ? mx("slice", x, axis, start, stop, std::nullopt) : x;
}

Value concatenated(Mlx& mx, const std::vector<Value>& parts, int axis) {
  return parts.size() == 1 ? parts[0] : mx("concatenate", parts, axis);
}

Value moved_axis(Mlx& mx, Value x, int from, int to) {
  if (from == to) return x;
  std::vector<int> order = axes_up_to(mx.rank(x));
  order.erase(order.begin() + from);
  order.insert(order.begin() + to, from);
  return mx("transpose", x, order);
}

Value expanded(Mlx& mx, Value x, int axis) { return mx("expand_dims", x, axis); }

Value along(Mlx& mx, Value x, int axis, int rank) {
  const int end = axis + mx.rank(x);
  for (int i = 0; i < rank; ++i)
    if (i < axis || i >= end) x = expanded(mx, x, i);
  return x;
}

Value counting(Mlx& mx, const Size& size, int axis, int rank) {
  return along(mx, mx("arange", std::nullopt, size, std::nullopt, Dtype::int32), axis, rank);
}

Size product(Mlx& mx, const Sizes& sizes) {
  Size all = 1;
  for (const Size& size : sizes) all = mx.mul(all, size);
  return all;
}

bool is_empty(Mlx& mx, Value x) {
  return std::ranges::any_of(mx.shape(x), [](const Dim& dim) { return dim == Dim(0); });
}

Sizes common_sizes(Mlx& mx, const std::vector<Value>& values) {
  int rank = 0;
  for (const Value x : values) rank = std::max(rank, mx.rank(x));
  Sizes sizes(rank, Size(1));
  for (int i = 0; i < rank; ++i)
    for (const Value x : values) {
      const int axis = i - (rank - mx.rank(x));
      if (axis < 0 || mx.shape(x)[axis] == Dim(1)) continue;
      sizes[i] = mx.dim(x, axis);
      break;
    }
  return sizes;
}

Value broadcast(Mlx& mx, Value x, const Sizes& sizes) {
  Shape wanted;
  for (const Size& size : sizes) wanted.push_back(mx.dim_of(size));
  return mx.shape(x) == wanted ? x : mx("broadcast_to", x, sizes);
}

Value on_diagonal(Mlx& mx, const Size& rows, const Size& columns, std::int64_t offset) {
  Value row = counting(mx, rows, 0, 2);
  if (offset != 0) row = mx("add", row, offset);
  return mx("equal", row, counting(mx, columns, 0, 1));
}

Value diagonal_matrix(Mlx& mx, Value x, std::int64_t offset) {
  const int last = mx.rank(x) - 1;
  const std::int64_t width = std::abs(offset);
  const Size size = mx.add(mx.dim(x, last), width);
  if (width != 0) {
    graph::List widths(mx.rank(x), graph::List{0, 0});
    widths[last] = graph::List{0, width};
    x = mx("pad", x, widths, 0);
  }
  // Above the diagonal an element is found by its row, below by its column.
  const Value spread = expanded(mx, x, offset >= 0 ? last + 1 : last);
  return mx("where", on_diagonal(mx, size, size, offset), spread, 0);
}

}  // namespace torch2mlx::ops
