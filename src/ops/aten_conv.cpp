// Convolutions and pools: torch is channels first (N, C, *spatial), MLX channels last.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

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
    if constexpr (spatial == 1)
      return mx("conv1d", last, w, bias, stride, padding, dilation, groups);
    else if constexpr (spatial == 2)
      return mx("conv2d", last, w, bias, stride, padding, dilation, groups);
    else
      return mx("conv3d", last, w, bias, stride, padding, dilation, groups);
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

Ints64 filled(Ints64 list, std::size_t count) { return list.size() == 1 ? Ints64(count, list.front()) : list; }

// torch (I, O/g, *kernel) -> MLX (O, *kernel, I/g)
Value transposed_weight(Mlx& mx, Value weight, int spatial, std::int64_t groups) {
  std::vector<int> axes{1};
  for (int i = 2; i < spatial + 2; ++i) axes.push_back(i);
  axes.push_back(0);
  if (groups == 1) return mx("transpose", weight, axes);
  Sizes split = mx.dims(weight);
  split.front() = mx.floordiv(split.front(), groups);
  split.insert(split.begin(), groups);
  for (int& axis : axes) ++axis;
  axes.insert(axes.begin(), 0);
  const Value grouped = mx("transpose", mx("reshape", weight, split), axes);
  Sizes merged = mx.dims(grouped);
  merged[1] = mx.mul(merged[0], merged[1]);
  merged.erase(merged.begin());
  return mx("reshape", grouped, merged);
}

template <int spatial>
Value transposed_convolution(Mlx& mx, Value x, Value weight, OptValue bias, Ints64 stride, Ints64 padding,
                             Ints64 output_padding, std::int64_t groups, Ints64 dilation) {
  for (Ints64* list : {&stride, &padding, &dilation, &output_padding}) *list = filled(*list, spatial);
  return in_channels_last(mx, x, spatial, [&](Value last) {
    const Value w = transposed_weight(mx, weight, spatial, groups);
    Value y{};
    if constexpr (spatial == 1)
      y = mx("conv_transpose1d", last, w, stride, padding, dilation, output_padding, groups);
    else
      y = mx("conv_transpose2d", last, w, stride, padding, dilation, output_padding, groups);
    return bias ? mx("add", y, *bias) : y;
  });
}

// Windows of a pool, two numbers each.
struct Window {
  Ints64 kernel, stride, padding;
};

Window window_of(const Ints64& kernel, const Ints64& stride, const Ints64& padding) {
  Window window{filled(kernel, 2), {}, filled(padding, 2)};
  window.stride = stride.empty() ? window.kernel : filled(stride, 2);
  return window;
}

// Elements that ceil_mode adds behind an axis: the last window starts within the input or its padding in front.
std::int64_t overhang(Mlx& mx, Value x, const Window& window, int i) {
  const auto size = mx.shape(x).at(mx.rank(x) - 2 + i).constant();
  if (!size) mx.refuse("ceil_mode=True over an axis whose size is not constant");
  const std::int64_t rest = *size + 2 * window.padding[i] - window.kernel[i], stride = window.stride[i];
  std::int64_t count = (rest + stride - 1) / stride + 1;
  if ((count - 1) * stride >= *size + window.padding[i]) --count;
  return std::max<std::int64_t>(0, (count - 1) * stride - rest);
}

// Channels last, padded on both sides by `window.padding` and behind by `more`.
Value padded(Mlx& mx, Value last, const Ints64& padding, const Ints64& more, double value) {
  if (padding == Ints64{0, 0} && more == Ints64{0, 0}) return last;
  graph::List widths{graph::List{0, 0}};
  for (int i = 0; i < 2; ++i) widths.push_back(graph::List{padding[i], padding[i] + more[i]});
  widths.push_back(graph::List{0, 0});
  return mx("pad", last, widths, value);
}

Value max_pool2d(Mlx& mx, Value x, Ints64 kernel, Ints64 stride, Ints64 padding, Ints64 dilation, bool ceil_mode) {
  if (std::ranges::any_of(dilation, [](auto d) { return d != 1; })) mx.refuse("MLX has no dilated pooling");
  Window window = window_of(kernel, stride, padding);
  Ints64 more{0, 0};
  for (int i = 0; i < 2 && ceil_mode; ++i) more[i] = overhang(mx, x, window, i);
  return in_channels_last(mx, x, 2, [&](Value last) {
    if (more != Ints64{0, 0}) {
      last = padded(mx, last, window.padding, more, -std::numeric_limits<double>::infinity());
      window.padding = {0, 0};
    }
    return mx("max_pool2d", last, window.kernel, window.stride, window.padding);
  });
}

// What part of each window counts, 1 x h x w x 1.
Value counted(Mlx& mx, Value last, const Window& window, bool count_include_pad, const Ints64& more) {
  const Value ones = mx("full", Sizes{1, mx.dim(last, 1), mx.dim(last, 2), 1}, 1, mx.dtype(last));
  const Value inside = padded(mx, ones, window.padding, {0, 0}, count_include_pad ? 1 : 0);
  return mx("avg_pool2d", padded(mx, inside, {0, 0}, more, 0), window.kernel, window.stride, Ints64{0, 0});
}

Value avg_pool2d(Mlx& mx, Value x, Ints64 kernel, Ints64 stride, Ints64 padding, bool ceil_mode, bool count_include_pad,
                 std::optional<std::int64_t> divisor) {
  const Window window = window_of(kernel, stride, padding);
  Ints64 more{0, 0};
  for (int i = 0; i < 2 && ceil_mode; ++i) more[i] = overhang(mx, x, window, i);
  const bool longer = more != Ints64{0, 0};
  const bool partial = !divisor && (longer || (!count_include_pad && window.padding != Ints64{0, 0}));
  return in_channels_last(mx, x, 2, [&](Value last) {
    const Value in = longer ? padded(mx, last, window.padding, more, 0) : last;
    const Value y = mx("avg_pool2d", in, window.kernel, window.stride, longer ? Ints64{0, 0} : window.padding);
    if (divisor)
      return mx("multiply", y,
                static_cast<double>(window.kernel[0] * window.kernel[1]) / static_cast<double>(*divisor));
    return partial ? mx("divide", y, counted(mx, last, window, count_include_pad, more)) : y;
  });
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
    lower<convolution<1>,
          "conv1d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=1, SymInt[1] padding=0, SymInt[1] "
          "dilation=1, SymInt groups=1) -> Tensor">,
    lower<convolution<2>,
          "conv2d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, SymInt[2] padding=0, SymInt[2] "
          "dilation=1, SymInt groups=1) -> Tensor">,
    lower<convolution<3>,
          "conv3d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=1, SymInt[3] padding=0, SymInt[3] "
          "dilation=1, SymInt groups=1) -> Tensor">,
    lower<convolution_same<1>,
          "conv1d.padding(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=1, str padding=\"valid\", "
          "SymInt[1] dilation=1, SymInt groups=1) -> Tensor">,
    lower<convolution_same<2>,
          "conv2d.padding(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, str padding=\"valid\", "
          "SymInt[2] dilation=1, SymInt groups=1) -> Tensor">,
    lower<transposed_convolution<1>,
          "conv_transpose1d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=1, SymInt[1] padding=0, "
          "SymInt[1] output_padding=0, SymInt groups=1, SymInt[1] dilation=1) -> Tensor">,
    lower<transposed_convolution<2>,
          "conv_transpose2d.input(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, SymInt[2] "
          "padding=0, SymInt[2] output_padding=0, SymInt groups=1, SymInt[2] dilation=1) -> Tensor">,
    lower<max_pool2d,
          "max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, bool "
          "ceil_mode=False) -> Tensor">,
    lower<avg_pool2d,
          "avg_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, bool ceil_mode=False, bool "
          "count_include_pad=True, int? divisor_override=None) -> Tensor">,
    lower<adaptive_avg_pool2d, "adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor">,
};

}  // namespace

std::span<const Lowering> conv_lowerings() { return rows; }

}  // namespace torch2mlx::ops
