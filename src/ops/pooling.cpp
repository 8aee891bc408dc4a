#include "ops/pooling.h"

namespace torch2mlx::ops {

Value largest_in_windows(Mlx& mx, Value last, const std::vector<WindowAxis>& axes) {
  const int spatial = static_cast<int>(axes.size());
  Size kernel = 1;
  Value windows = last;
  for (int i = spatial; i-- > 0;) {
    windows = mx("take", windows, axes[i].positions, i + 1);
    kernel = mx.mul(axes[i].kernel, kernel);
  }
  // (N, out, k, out, k, C) -> (N, out, out, k k, C)
  std::vector<int> order{0};
  for (int i = 0; i < spatial; ++i) order.push_back(2 * i + 1);
  for (int i = 0; i < spatial; ++i) order.push_back(2 * i + 2);
  order.push_back(2 * spatial + 1);
  if (spatial > 1) windows = mx("transpose", windows, order);
  Sizes sizes{mx.dim(windows, 0)};
  for (int i = 0; i < spatial; ++i) sizes.push_back(mx.dim(windows, i + 1));
  sizes.push_back(kernel);
  sizes.push_back(mx.dim(windows, -1));
  if (spatial > 1) windows = mx("reshape", windows, sizes);
  const int axis = spatial + 1;
  const Value largest = mx("argmax", windows, axis);
  if (!is_floating(mx.dtype(last))) return mx.cast(largest, Dtype::int32);
  const Value nan = mx("isnan", windows);
  const Value places = mx("expand_dims", counting(mx, kernel), 1);
  const Value last_nan = mx("max", mx("where", nan, places, -1), std::vector<int>{axis}, false);
  return mx("where", mx("greater_equal", last_nan, 0), last_nan, mx.cast(largest, Dtype::int32));
}

Value flat_index(Mlx& mx, Value place, const std::vector<WindowAxis>& axes, Value last) {
  const int spatial = static_cast<int>(axes.size());
  OptValue flat;
  Size factor = 1;
  for (int i = spatial; i-- > 0;) {
    const WindowAxis& axis = axes[i];
    Value within = place;
    if (i > 0) {
      within = mx("remainder", place, axis.kernel);
      place = mx("floor_divide", place, axis.kernel);
    }
    if (axis.step != 1) within = mx("multiply", within, axis.step);
    Value at = mx("add", shaped_along(mx, axis.first, i + 1, spatial + 2), within);
    if (axis.begins_outside && axis.step == 1) at = mx("maximum", at, 0);
    if (axis.begins_outside && axis.step != 1) at = mx("where", mx("less", at, 0), mx("remainder", at, axis.step), at);
    if (factor.constant() != 1) at = mx("multiply", at, factor);
    flat = flat ? mx("add", at, *flat) : at;
    factor = mx.mul(factor, mx.dim(last, i + 1));
  }
  return *flat;
}

}  // namespace torch2mlx::ops
