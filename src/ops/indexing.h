// What reading and writing by index arrays have in common.
#pragma once

#include <vector>

#include "ops/mlx.h"

namespace torch2mlx::ops {

// Index arrays and the axes they stand for: x[i0, :, i2].
struct Indexed {
  std::vector<Value> arrays;
  std::vector<int> axes;
  bool adjacent() const { return axes.back() - axes.front() < static_cast<int>(axes.size()); }
};
Indexed indexed(const std::vector<OptValue>& indices);
bool is_mask(Mlx& mx, Value index);
// Rows that a mask picked, each where the mask has it: the mask's axes in place of theirs.
Value at_their_places(Mlx& mx, Value rows);
// All axes of x, these first.
std::vector<int> with_first(Mlx& mx, Value x, const std::vector<int>& axes);

// Elements of eight bytes: Metal has no kernel that scatters them.
bool is_wide(Mlx& mx, Value x);
// x with x[..., indices, ...] = values on one axis; `indices` has as many axes as x, values broadcast to it.
Value put_along(Mlx& mx, Value x, Value indices, Value values, int axis);

enum class Reduce { sum, prod, amax, amin, mean };
struct Combining {
  const char *scatter, *pair, *along;  // names of MLX ops
};
Combining combining(Reduce reduce);
Scalar neutral(Mlx& mx, Dtype dtype, Reduce reduce);  // what changes nothing when it is combined
// Wide integers: every place of the axis looks through all indices. `indices` and `src` have as many axes as x.
Value combined_wide(Mlx& mx, Value x, Value indices, Value src, int axis, Reduce reduce);

}  // namespace torch2mlx::ops
