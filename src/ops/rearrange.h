// Rearrangements that several families of lowerings are made of.
#pragma once

#include <vector>

#include "ops/mlx.h"

namespace torch2mlx::ops {

std::vector<int> axes_up_to(int rank);  // 0, 1 ... rank - 1
// torch's view: a size of -1 is what is left.
Value reshaped(Mlx& mx, Value x, Sizes sizes);
// x[:, start:stop] on one axis, by Python's rules.
Value cut(Mlx& mx, Value x, int axis, std::optional<Size> start, std::optional<Size> stop);
Value concatenated(Mlx& mx, const std::vector<Value>& parts, int axis);
Value moved_axis(Mlx& mx, Value x, int from, int to);
Value expanded(Mlx& mx, Value x, int axis);  // expand_dims
// x with its axes put at `axis` of `rank`, the others of size 1: (L,) -> (1, L, 1, 1).
Value along(Mlx& mx, Value x, int axis, int rank);
// 0, 1 ... size - 1, likewise.
Value counting(Mlx& mx, const Size& size, int axis, int rank);
Size product(Mlx& mx, const Sizes& sizes);
bool is_empty(Mlx& mx, Value x);  // has an axis of size 0
// The sizes that these broadcast to.
Sizes common_sizes(Mlx& mx, const std::vector<Value>& values);
Value broadcast(Mlx& mx, Value x, const Sizes& sizes);
// x[..., :, None] where row i and column i + offset are one, zeros elsewhere, as the last two axes.
Value diagonal_matrix(Mlx& mx, Value x, std::int64_t offset);
// Ones where column = row + offset.
Value on_diagonal(Mlx& mx, const Size& rows, const Size& columns, std::int64_t offset);

}  // namespace torch2mlx::ops
