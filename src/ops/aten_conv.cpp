// Convolutions and pools: torch is channels first (N, C, *spatial), MLX channels last.
#include <fmt/format.h>

#include <algorithm>

#include "ops/aten_families.h"

namespace torch2mlx::ops {
namespace {

using Ints64 = std::vector<std::int64_t>;

std::vector<int> channels_last(int rank) {
  std::vector<int> axes{0};
  for (int i = 2; i < rank; ++i) axes.push_back(i);
  axes.push_back(1);
  return axes;
}

std::vector<int> channels_first(int rank) {
  std::vector<int> axes{0, rank - 1};
  for (int i = 1; i < rank - 1; ++i) axes.push_back(i);
  return axes;
}

// Runs `op` on x moved to channels last; without a batch axis one is added and taken away again.
template <class F>
Value in_channels_last(Mlx& mx, Value x, int spatial, F&& op) {
  const bool batched = mx.rank(x) == spatial + 2;
  if (!batched && mx.rank(x) != spatial + 1)
    mx.refuse(fmt::format("needs an input of {} or {} dimensions, got {}", spatial + 1, spatial + 2, mx.rank(x)));
  if (!batched) x = mx("expand_dims", x, 0);
  const Value y = mx("transpose", op(mx("transpose", x, channels_last(spatial + 2))), channels_first(spatial + 2));
  return batched ? y : mx("squeeze", y, 0);
}

template <int spatial>
Value convolution(Mlx& mx, Value x, Value weight, OptValue bias, Ints64 stride, Ints64 padding, Ints64 dilation,
                  std::int64_t groups) {
  if (spatial == 3 && groups != 1) mx.refuse("MLX has no grouped 3-d convolution");
  for (Ints64* list : {&stride, &padding, &dilation})
    if (list->size() == 1) list->assign(spatial, list->front());
  return in_channels_last(mx, x, spatial, [&](Value last) {
    // torch (O, I/g, *kernel) -> MLX (O, *kernel, I/g)
    const Value w = mx("transpose", weight, channels_last(spatial + 2));
    if constexpr (spatial == 1) return mx("conv1d", last, w, bias, stride, padding, dilation, groups);
    else if constexpr (spatial == 2) return mx("conv2d", last, w, bias, stride, padding, dilation, groups);
    else return mx("conv3d", last, w, bias, stride, padding, dilation, groups);
  });
}

template <int spatial>
Value convolution_same(Mlx& mx, Value x, Value weight, OptValue bias, Ints64 stride, std::string padding,
                       Ints64 dilation, std::int64_t groups) {
  Ints64 widths(spatial, 0);
  for (int i = 0; i < spatial && padding == "same"; ++i) {
    const auto kernel = mx.shape(weight).at(i + 2).constant();
    const std::int64_t total = dilation.at(dilation.size() == 1 ? 0 : i) * (kernel.value_or(1) - 1);
    if (!kernel || total % 2 != 0) mx.refuse("padding='same' of an even kernel pads one side more than the other");
    widths[i] = total / 2;
  }
  return convolution<spatial>(mx, x, weight, bias, stride, widths, dilation, groups);
}

Ints64 filled(Ints64 list, std::size_t count) {
  return list.size() == 1 ? Ints64(count, list.front()) : list;
}

Value max_pool2d(Mlx& mx, Value x, Ints64 kernel, Ints64 stride, Ints64 padding, Ints64 dilation, bool ceil_mode) {
  if (ceil_mode) mx.refuse("ceil_mode=True has no MLX form yet");
  if (std::ranges::any_of(dilation, [](auto d) { return d != 1; })) mx.refuse("MLX has no dilated pooling");
  kernel = filled(kernel, 2);
  stride = stride.empty() ? kernel : filled(stride, 2);
  return in_channels_last(mx, x, 2, [&](Value last) { return mx("max_pool2d", last, kernel, stride, filled(padding, 2)); });
}

Value avg_pool2d(Mlx& mx, Value x, Ints64 kernel, Ints64 stride, Ints64 padding, bool ceil_mode, bool count_include_pad,
                 std::optional<std::int64_t> divisor) {
  if (ceil_mode) mx.refuse("ceil_mode=True has no MLX form yet");
  if (divisor) mx.refuse("divisor_override has no MLX form");
  padding = filled(padding, 2);
  if (!count_include_pad && std::ranges::any_of(padding, [](auto p) { return p != 0; }))
    mx.refuse("count_include_pad=False with padding has no MLX form yet");
  kernel = filled(kernel, 2);
  stride = stride.empty() ? kernel : filled(stride, 2);
  return in_channels_last(mx, x, 2, [&](Value last) { return mx("avg_pool2d", last, kernel, stride, padding); });
}

// Windows of an adaptive pool are equal only where the input size is a multiple of the output's.
Value adaptive_avg_pool2d(Mlx& mx, Value x, Ints64 output_size) {
  const int h = mx.rank(x) - 2;
  if (output_size == Ints64{1, 1}) return mx("mean", x, std::vector<int>{h, h + 1}, true);
  Ints64 kernel;
  for (int i = 0; i < 2; ++i) {
    const auto size = mx.shape(x).at(h + i).constant();
    if (!size || output_size[i] == 0 || *size % output_size[i] != 0)
      mx.refuse("the output size does not divide the input's, so windows differ in size");
    kernel.push_back(*size / output_size[i]);
  }
  return in_channels_last(mx, x, 2, [&](Value last) { return mx("avg_pool2d", last, kernel, kernel, Ints64{0, 0}); });
}

constexpr Lowering rows[] = {
    lower<convolution<1>, "conv1d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=1, SymInt[1] padding=0, SymInt[1] dilation=1, SymInt groups=1) -> Tensor">,
    lower<convolution<2>, "conv2d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, SymInt[2] padding=0, SymInt[2] dilation=1, SymInt groups=1) -> Tensor">,
    lower<convolution<3>, "conv3d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=1, SymInt[3] padding=0, SymInt[3] dilation=1, SymInt groups=1) -> Tensor">,
    lower<convolution_same<1>, "conv1d.padding(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=1, str padding=\"valid\", SymInt[1] dilation=1, SymInt groups=1) -> Tensor">,
    lower<convolution_same<2>, "conv2d.padding(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, str padding=\"valid\", SymInt[2] dilation=1, SymInt groups=1) -> Tensor">,
    lower<max_pool2d, "max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, bool ceil_mode=False) -> Tensor">,
    lower<avg_pool2d, "avg_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, bool ceil_mode=False, bool count_include_pad=True, int? divisor_override=None) -> Tensor">,
    lower<adaptive_avg_pool2d, "adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor">,
};

}  // namespace

std::span<const Lowering> conv_lowerings() { return rows; }

}  // namespace torch2mlx::ops
