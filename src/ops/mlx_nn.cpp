#include "ops/mlx_nn.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace torch2mlx::ops {
namespace {

// Windows of the spatial axes: (N, *out, *kernel, C), read in place by strides.
mx::array windows(A x, Ints kernel, Ints stride) {
  const auto spatial = kernel.size();
  mx::Strides in_strides(x.ndim(), 1);
  for (int axis = static_cast<int>(x.ndim()) - 2; axis >= 0; --axis)
    in_strides[axis] = in_strides[axis + 1] * x.shape(axis + 1);
  mx::Shape shape{x.shape(0)};
  mx::Strides strides{in_strides[0]};
  for (std::size_t i = 0; i < spatial; ++i) {
    const int axis = static_cast<int>(i) + 1;
    if (x.shape(axis) < kernel[i]) throw std::invalid_argument("the pooling window is larger than its input");
    shape.push_back((x.shape(axis) - kernel[i]) / stride[i] + 1);
    strides.push_back(in_strides[axis] * stride[i]);
  }
  for (std::size_t i = 0; i < spatial; ++i) {
    shape.push_back(kernel[i]);
    strides.push_back(in_strides[static_cast<int>(i) + 1]);
  }
  shape.push_back(x.shape(-1));
  strides.push_back(1);
  return mx::as_strided(x, shape, strides, 0);
}

mx::array pad_spatial(A x, Ints padding, const mx::array& value) {
  bool none = true;
  std::vector<std::pair<int, int>> widths{{0, 0}};
  for (const int p : padding) {
    widths.emplace_back(p, p);
    none = none && p == 0;
  }
  widths.emplace_back(0, 0);
  return none ? x : mx::pad(x, widths, value);
}

std::vector<int> window_axes(std::size_t spatial) {
  std::vector<int> axes;
  for (std::size_t i = 0; i < spatial; ++i) axes.push_back(static_cast<int>(1 + spatial + i));
  return axes;
}

}  // namespace

mx::array convolve(A x, A weight, OptA bias, Ints stride, Ints padding, Ints dilation, Int groups) {
  const std::vector<int> undilated(stride.size(), 1);
  const mx::array y = mx::conv_general(x, weight, stride, padding, padding, dilation, undilated, groups, false);
  return bias ? mx::add(y, *bias) : y;
}

mx::array max_pool(A x, Ints kernel_size, Ints stride, Ints padding) {
  const mx::array lowest(-std::numeric_limits<float>::infinity(), x.dtype());
  return mx::max(windows(pad_spatial(x, padding, lowest), kernel_size, stride), window_axes(kernel_size.size()));
}

mx::array avg_pool(A x, Ints kernel_size, Ints stride, Ints padding) {
  const mx::array zero(0, x.dtype());
  return mx::mean(windows(pad_spatial(x, padding, zero), kernel_size, stride), window_axes(kernel_size.size()));
}

mx::array batch_norm(A x, A running_mean, A running_var, OptA weight, OptA bias, Number eps) {
  const mx::array scale = mx::rsqrt(mx::add(running_var, mx::array(static_cast<float>(eps), running_var.dtype())));
  mx::array y = mx::multiply(mx::subtract(x, running_mean), scale);
  if (weight) y = mx::multiply(*weight, y);
  return bias ? mx::add(y, *bias) : y;
}

mx::array group_norm(A x, Int num_groups, OptA weight, OptA bias, Number eps) {
  const int batch = x.shape(0), channels = x.shape(-1);
  // (N, spatial, groups, C / groups) -> (N, groups, spatial * C / groups)
  mx::array y = mx::transpose(mx::reshape(x, {batch, -1, num_groups, channels / num_groups}), {0, 2, 1, 3});
  const mx::Shape grouped = y.shape();
  y = mx::fast::layer_norm(mx::reshape(y, {batch, num_groups, -1}), std::nullopt, std::nullopt,
                           static_cast<float>(eps));
  y = mx::reshape(mx::transpose(mx::reshape(y, grouped), {0, 2, 1, 3}), x.shape());
  if (weight) y = mx::multiply(y, *weight);
  return bias ? mx::add(y, *bias) : y;
}

mx::array linear(A x, A weight, OptA bias) {
  const mx::array transposed = mx::transpose(weight);
  return bias ? mx::addmm(*bias, x, transposed) : mx::matmul(x, transposed);
}

mx::array gelu(A x) {
  const mx::array half(0.5f, x.dtype()), one(1.0f, x.dtype());
  const mx::array scaled = mx::divide(x, mx::array(std::numbers::sqrt2_v<float>, x.dtype()));
  return mx::multiply(mx::multiply(x, mx::add(one, mx::erf(scaled))), half);
}

mx::array gelu_tanh(A x) {
  const auto number = [&](double value) { return mx::array(static_cast<float>(value), x.dtype()); };
  const mx::array cube = mx::power(x, number(3));
  const mx::array inner =
      mx::multiply(number(std::sqrt(2 / std::numbers::pi)), mx::add(x, mx::multiply(number(0.044715), cube)));
  return mx::multiply(mx::multiply(number(0.5), x), mx::add(number(1), mx::tanh(inner)));
}

}  // namespace torch2mlx::ops
