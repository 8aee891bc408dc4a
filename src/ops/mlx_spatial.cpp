#include "ops/mlx_spatial.h"

namespace torch2mlx::ops {

mx::array bilinear(A a, A b, A weight, OptA bias) {
  const int out = weight.shape(0), width = weight.shape(1), last = weight.shape(2);
  mx::array y = mx::matmul(mx::reshape(a, {-1, last}), mx::transpose(mx::reshape(weight, {out * width, last})));
  y = mx::transpose(mx::reshape(y, {-1, out, width}), {0, 2, 1});
  y = mx::squeeze(mx::matmul(mx::reshape(b, {-1, 1, width}), y), 1);
  mx::Shape shape = a.shape();
  shape.back() = out;
  y = mx::reshape(y, shape);
  return bias ? mx::add(y, *bias) : y;
}

mx::array add_at(A a, A indices, A values) {
  return mx::scatter_add(a, indices, mx::expand_dims(values, static_cast<int>(indices.ndim())), 0);
}

}  // namespace torch2mlx::ops
