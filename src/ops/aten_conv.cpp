// Convolutions.
#include <fmt/format.h>

#include <algorithm>

#include "ops/aten_families.h"
#include "ops/channels_last.h"

namespace torch2mlx::ops {
namespace {

// Numbers of a convolution, one a spatial axis.
struct Steps {
  Ints64 stride, padding, dilation, output_padding;

  Steps of(int spatial) const {
    const auto count = static_cast<std::size_t>(spatial);
    return {filled(stride, count), filled(padding, count), filled(dilation, count), filled(output_padding, count)};
  }
};

// `op` on each group of channels by itself: MLX has groups of one and two spatial axes only.
template <class F>
Value by_groups(Mlx& mx, Value x, Value weight, std::int64_t groups, F&& op) {
  const auto cut = [&](Value whole, int axis) {
    const auto size = mx.shape(whole).at(axis).constant();
    if (!size || *size % groups != 0) mx.refuse("groups of channels whose number is not constant");
    Ints64 at;
    for (std::int64_t i = 1; i < groups; ++i) at.push_back(*size / groups * i);
    return mx.several("split", whole, at, axis);
  };
  const auto inputs = cut(x, mx.rank(x) - 1), weights = cut(weight, 0);
  std::vector<Value> outputs;
  for (std::size_t i = 0; i < inputs.size(); ++i) outputs.push_back(op(inputs[i], weights[i]));
  return mx("concatenate", outputs, mx.rank(x) - 1);
}

Value convolution(Mlx& mx, int spatial, Value x, Value weight, OptValue bias, const Steps& steps, std::int64_t groups,
                  const Ints64& behind = {}) {
  const Steps s = steps.of(spatial);
  const std::string op = fmt::format("conv{}d", spatial);
  return in_channels_last(mx, x, spatial, [&](Value last) {
    if (!behind.empty()) {
      graph::List widths{graph::List{0, 0}};
      for (const std::int64_t width : behind) widths.push_back(graph::List{0, width});
      widths.push_back(graph::List{0, 0});
      last = mx("pad", last, widths, 0);
    }
    // torch (O, I/g, *kernel) -> MLX (O, *kernel, I/g)
    const Value w = mx("transpose", weight, channels_last(spatial + 2));
    if (spatial < 3 || groups == 1) return mx.unchecked(op, last, w, bias, s.stride, s.padding, s.dilation, groups);
    const Value y = by_groups(mx, last, w, groups, [&](Value part, Value part_weight) {
      return mx.unchecked(op, part, part_weight, std::nullopt, s.stride, s.padding, s.dilation, 1);
    });
    return bias ? mx("add", y, *bias) : y;
  });
}

template <int spatial>
Value convolution(Mlx& mx, Value x, Value weight, OptValue bias, Ints64 stride, Ints64 padding, Ints64 dilation,
                  std::int64_t groups) {
  return convolution(mx, spatial, x, weight, bias, {stride, padding, dilation, {0}}, groups);
}

// padding="same": where one side needs more it is the one behind.
template <int spatial>
Value convolution_same(Mlx& mx, Value x, Value weight, OptValue bias, Ints64 stride, std::string padding,
                       Ints64 dilation, std::int64_t groups) {
  dilation = filled(dilation, spatial);
  Ints64 widths(spatial, 0), behind(spatial, 0);
  for (int i = 0; i < spatial && padding == "same"; ++i) {
    const auto kernel = mx.shape(weight).at(i + 2).constant();
    if (!kernel) mx.refuse("padding='same' of a kernel whose size is not constant");
    const std::int64_t total = dilation[i] * (*kernel - 1);
    widths[i] = total / 2;
    behind[i] = total % 2;
  }
  if (behind == Ints64(spatial, 0)) behind.clear();
  return convolution(mx, spatial, x, weight, bias, {stride, widths, dilation, {0}}, groups, behind);
}

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

Value transposed_convolution(Mlx& mx, int spatial, Value x, Value weight, OptValue bias, const Steps& steps,
                             std::int64_t groups) {
  Steps s = steps.of(spatial);
  // MLX crops no more than the kernel reaches; the rest of the padding is cut off behind it.
  Ints64 rest(spatial, 0);
  for (int i = 0; i < spatial; ++i) {
    const auto kernel = mx.shape(weight).at(i + 2).constant();
    if (kernel) rest[i] = std::max<std::int64_t>(0, s.padding[i] - s.dilation[i] * (*kernel - 1));
    s.padding[i] -= rest[i];
  }
  const auto trimmed = [&](Value y) {
    for (int i = 0; i < spatial; ++i)
      if (rest[i] != 0) y = mx("slice", y, i + 1, Size(rest[i]), Size(-rest[i]), std::nullopt);
    return y;
  };
  const std::string op = fmt::format("conv_transpose{}d", spatial);
  return in_channels_last(mx, x, spatial, [&](Value last) {
    const Value w = transposed_weight(mx, weight, spatial, groups);
    const auto run = [&](Value input, Value kernel, OptValue offset, std::int64_t count) {
      return mx.unchecked(op, input, kernel, offset, s.stride, s.padding, s.dilation, s.output_padding, count);
    };
    if (spatial < 3 || groups == 1) return trimmed(run(last, w, bias, groups));
    const Value y =
        by_groups(mx, last, w, groups, [&](Value part, Value kernel) { return run(part, kernel, std::nullopt, 1); });
    return trimmed(bias ? mx("add", y, *bias) : y);
  });
}

template <int spatial>
Value transposed_convolution(Mlx& mx, Value x, Value weight, OptValue bias, Ints64 stride, Ints64 padding,
                             Ints64 output_padding, std::int64_t groups, Ints64 dilation) {
  return transposed_convolution(mx, spatial, x, weight, bias, {stride, padding, dilation, output_padding}, groups);
}

// What all of the others are inside torch.
Value any_convolution(Mlx& mx, Value x, Value weight, OptValue bias, Ints64 stride, Ints64 padding, Ints64 dilation,
                      bool transposed, Ints64 output_padding, std::int64_t groups) {
  const int spatial = mx.rank(weight) - 2;
  if (spatial < 1 || spatial > 3) mx.refuse(fmt::format("a convolution over {} axes", spatial));
  const Steps steps{stride, padding, dilation, output_padding};
  return transposed ? transposed_convolution(mx, spatial, x, weight, bias, steps, groups)
                    : convolution(mx, spatial, x, weight, bias, steps, groups);
}

Value any_convolution_tuned(Mlx& mx, Value x, Value weight, OptValue bias, Ints64 stride, Ints64 padding,
                            Ints64 dilation, bool transposed, Ints64 output_padding, std::int64_t groups,
                            [[maybe_unused]] bool benchmark, [[maybe_unused]] bool deterministic,
                            [[maybe_unused]] bool cudnn_enabled, [[maybe_unused]] bool allow_tf32) {
  return any_convolution(mx, x, weight, bias, stride, padding, dilation, transposed, output_padding, groups);
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
    lower<convolution_same<3>,
          "conv3d.padding(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=1, str padding=\"valid\", "
          "SymInt[3] dilation=1, SymInt groups=1) -> Tensor">,
    lower<transposed_convolution<3>,
          "conv_transpose3d.input(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=1, SymInt[3] "
          "padding=0, SymInt[3] output_padding=0, SymInt groups=1, SymInt[3] dilation=1) -> Tensor">,
    lower<any_convolution,
          "convolution(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, SymInt[] padding, SymInt[] "
          "dilation, bool transposed, SymInt[] output_padding, SymInt groups) -> Tensor">,
    lower<any_convolution_tuned,
          "_convolution(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, SymInt[] padding, SymInt[] "
          "dilation, bool transposed, SymInt[] output_padding, SymInt groups, bool benchmark, bool deterministic, bool "
          "cudnn_enabled, bool allow_tf32) -> Tensor">,
};

}  // namespace

std::span<const Lowering> conv_lowerings() { return rows; }

}  // namespace torch2mlx::ops
