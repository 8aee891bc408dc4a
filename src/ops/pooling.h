// Windows of pools, gathered: what mlx.nn's pools cannot do (dilation, indices, windows of several sizes).
#pragma once

#include <vector>

#include "ops/channels_last.h"

namespace torch2mlx::ops {

// Windows along one axis: element k of window i is first[i] + k * step.
struct WindowAxis {
  Value first;  // (out,)
  Size kernel;
  std::int64_t step;
  Value positions;              // (out, kernel) elements of the input
  bool begins_outside = false;  // the first windows begin in padding
};

// The first largest element of each window, counted within the window; torch takes the last nan where there is one.
// (N, *spatial, C) -> (N, *out, C)
Value largest_in_windows(Mlx& mx, Value last, const std::vector<WindowAxis>& axes);
// The element of the (flattened) spatial axes of `last` that each place of a window is. A window of nothing but padding
// gives the first element that is none.
Value flat_index(Mlx& mx, Value place, const std::vector<WindowAxis>& axes, Value last);

}  // namespace torch2mlx::ops
