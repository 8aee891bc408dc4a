// Pools with windows of one size.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "ops/aten_families.h"
#include "ops/indexing.h"
#include "ops/pooling.h"

namespace torch2mlx::ops {
namespace {

constexpr double lowest = -std::numeric_limits<double>::infinity();

struct Window {
  Ints64 kernel, stride, padding, dilation;

  int spatial() const { return static_cast<int>(kernel.size()); }
  std::int64_t reach(int i) const { return dilation[i] * (kernel[i] - 1) + 1; }
  bool dilated() const {
    return std::ranges::any_of(dilation, [](std::int64_t step) { return step != 1; });
  }
};

Window window_of(int spatial, const Ints64& kernel, const Ints64& stride, const Ints64& padding,
                 const Ints64& dilation) {
  const auto count = static_cast<std::size_t>(spatial);
  Window window{filled(kernel, count), {}, filled(padding, count), filled(dilation, count)};
  window.stride = stride.empty() ? window.kernel : filled(stride, count);
  return window;
}

template <class Choose>
Size chosen(Mlx& mx, Size a, Size b, Choose choose, bool larger) {
  if (a.constant() && b.constant()) return choose(*a.constant(), *b.constant());
  return larger ? mx.integer("int_max", a, b) : mx.integer("int_min", a, b);
}
Size smaller(Mlx& mx, Size a, Size b) {
  return chosen(mx, a, b, [](auto x, auto y) { return std::min(x, y); }, false);
}
Size larger(Mlx& mx, Size a, Size b) {
  return chosen(mx, a, b, [](auto x, auto y) { return std::max(x, y); }, true);
}

// Elements that ceil_mode adds behind an axis: the last window starts within the input or its padding in front.
Size overhang(Mlx& mx, Size size, const Window& window, int i) {
  const std::int64_t stride = window.stride[i], padding = window.padding[i];
  const Size rest = mx.add(size, 2 * padding - window.reach(i));
  const Size started = mx.floordiv(mx.add(mx.add(size, padding), stride - 1), stride);
  const Size count = smaller(mx, mx.add(mx.floordiv(mx.add(rest, stride - 1), stride), 1), started);
  return larger(mx, mx.sub(mx.mul(mx.sub(count, 1), stride), rest), 0);
}

// One size an axis, zeros without ceil_mode.
Sizes overhangs(Mlx& mx, Value last, const Window& window, bool ceil_mode) {
  Sizes more(window.kernel.size(), 0);
  for (int i = 0; i < window.spatial() && ceil_mode; ++i) more[i] = overhang(mx, mx.dim(last, i + 1), window, i);
  return more;
}

bool none(const Sizes& sizes) {
  return std::ranges::all_of(sizes, [](const Size& size) { return size.constant() == 0; });
}

// Channels last, padded on both sides by `padding` and behind by `more`.
Value padded(Mlx& mx, Value last, const Ints64& padding, const Sizes& more, double value) {
  if (none(more) && std::ranges::all_of(padding, [](std::int64_t width) { return width == 0; })) return last;
  if (value != 0 && !is_floating(mx.dtype(last))) mx.refuse("padding of integers by -inf");
  graph::List widths{graph::List{0, 0}};
  for (std::size_t i = 0; i < padding.size(); ++i)
    widths.push_back(graph::List{padding[i], to_arg(mx.add(more[i], padding[i]))});
  widths.push_back(graph::List{0, 0});
  return mx("pad", last, widths, value);
}

Value pooled(Mlx& mx, std::string_view kind, Value last, const Window& window, const Ints64& padding) {
  return mx.unchecked(fmt::format("{}_pool{}d", kind, window.spatial()), last, window.kernel, window.stride, padding);
}

// Where the windows lie in an input that is padded already.
std::vector<WindowAxis> axes_of(Mlx& mx, Value in, const Window& window) {
  std::vector<WindowAxis> axes;
  for (int i = 0; i < window.spatial(); ++i) {
    const std::int64_t stride = window.stride[i], step = window.dilation[i];
    const Size count = mx.add(mx.floordiv(mx.add(mx.dim(in, i + 1), -window.reach(i)), stride), 1);
    const auto times = [&](Value x, std::int64_t factor) { return factor == 1 ? x : mx("multiply", x, factor); };
    const Value first = times(counting(mx, count), stride), offsets = times(counting(mx, window.kernel[i]), step);
    axes.push_back({first, window.kernel[i], step, mx("add", mx("expand_dims", first, 1), offsets), false});
  }
  return axes;
}

Value max_values(Mlx& mx, Value last, const Window& window, const Sizes& more) {
  if (none(more) && !window.dilated()) return pooled(mx, "max", last, window, window.padding);
  Value in = padded(mx, last, window.padding, more, lowest);
  if (!window.dilated()) return pooled(mx, "max", in, window, Ints64(window.kernel.size(), 0));
  const auto axes = axes_of(mx, in, window);
  for (int i = 0; i < window.spatial(); ++i)
    in = mx("max", mx("take", in, axes[i].positions, i + 1), std::vector<int>{i + 2}, false);
  return in;
}

template <int spatial>
Value max_pool(Mlx& mx, Value x, Ints64 kernel, Ints64 stride, Ints64 padding, Ints64 dilation, bool ceil_mode) {
  const Window window = window_of(spatial, kernel, stride, padding, dilation);
  return in_channels_last(
      mx, x, spatial, [&](Value last) { return max_values(mx, last, window, overhangs(mx, last, window, ceil_mode)); });
}

template <int spatial>
std::pair<Value, Value> max_pool_indices(Mlx& mx, Value x, Ints64 kernel, Ints64 stride, Ints64 padding,
                                         Ints64 dilation, bool ceil_mode) {
  const Window window = window_of(spatial, kernel, stride, padding, dilation);
  const ChannelsLast moved(mx, x, spatial);
  const Sizes more = overhangs(mx, moved.in(), window, ceil_mode);
  const Value in = padded(mx, moved.in(), window.padding, more, lowest);
  auto axes = axes_of(mx, in, window);
  const Value place = largest_in_windows(mx, in, axes);
  for (int i = 0; i < spatial; ++i) {
    if (window.padding[i] == 0) continue;
    axes[i].first = mx("subtract", axes[i].first, window.padding[i]);
    axes[i].begins_outside = true;
  }
  return {moved.out(max_values(mx, moved.in(), window, more)), moved.out(flat_index(mx, place, axes, moved.in()))};
}

// What part of each window counts, 1 x *spatial x 1.
Value counted(Mlx& mx, Value last, const Window& window, bool count_include_pad, const Sizes& more) {
  Sizes sizes = mx.dims(last);
  sizes.front() = sizes.back() = 1;
  const Value ones = mx("full", sizes, 1, mx.dtype(last));
  const Value inside = padded(mx, ones, window.padding, Sizes(more.size(), 0), count_include_pad ? 1 : 0);
  const Ints64 no_padding(more.size(), 0);
  return pooled(mx, "avg", padded(mx, inside, no_padding, more, 0), window, no_padding);
}

// Is the window, in every axis, many times what the example has? Then it is all of it, as the global pools of some
// image models are written; sizes at which there are more windows are refused (the shape is another).
bool is_global(Mlx& mx, Value last, const Window& window, bool ceil_mode) {
  constexpr std::int64_t many = 8;
  graph::Dim::Binding example;
  for (const graph::Symbol& symbol : mx.graph().symbols)
    example[symbol.name] = std::max<std::int64_t>(symbol.example, symbol.min);
  for (int i = 0; i < window.spatial(); ++i)
    if (window.padding[i] != 0 || window.kernel[i] < many * mx.dim_of(mx.dim(last, i + 1)).evaluate(example))
      return false;
  return ceil_mode;
}

template <int spatial>
Value avg_pool(Mlx& mx, Value x, Ints64 kernel, Ints64 stride, Ints64 padding, bool ceil_mode, bool count_include_pad,
               std::optional<std::int64_t> divisor) {
  const Window window = window_of(spatial, kernel, stride, padding, {1});
  const Ints64 no_padding(spatial, 0);
  return in_channels_last(mx, x, spatial, [&](Value last) {
    if (!divisor && is_global(mx, last, window, ceil_mode)) {
      std::vector<int> axes(spatial);
      std::iota(axes.begin(), axes.end(), 1);
      return mx("mean", last, axes, true);
    }
    const Sizes more = overhangs(mx, last, window, ceil_mode);
    const bool longer = !none(more);
    const Value in = longer ? padded(mx, last, window.padding, more, 0) : last;
    const Value y = pooled(mx, "avg", in, window, longer ? no_padding : window.padding);
    double elements = 1;
    for (const std::int64_t size : window.kernel) elements *= static_cast<double>(size);
    if (divisor) return mx("multiply", y, elements / static_cast<double>(*divisor));
    const bool partial = longer || (!count_include_pad && window.padding != no_padding);
    return partial ? mx("divide", y, counted(mx, last, window, count_include_pad, more)) : y;
  });
}

Value avg_pool1d(Mlx& mx, Value x, Ints64 kernel, Ints64 stride, Ints64 padding, bool ceil_mode,
                 bool count_include_pad) {
  return avg_pool<1>(mx, x, kernel, stride, padding, ceil_mode, count_include_pad, std::nullopt);
}

// Each element back to where it was the largest, zeros elsewhere.
Value max_unpool(Mlx& mx, Value x, Value indices, const Sizes& output) {
  const int spatial = static_cast<int>(output.size());
  const ChannelsLast moved(mx, x, spatial), places(mx, indices, spatial);
  const Size batch = mx.dim(moved.in(), 0), channels = mx.dim(moved.in(), -1);
  const auto flat = [&](Value y) { return mx("reshape", y, Sizes{batch, -1, channels}); };
  const Value zeros = mx("full", Sizes{batch, product(mx, output), channels}, 0, mx.dtype(x));
  Sizes sizes = output;
  sizes.insert(sizes.begin(), batch);
  sizes.push_back(channels);
  return moved.out(mx("reshape", put_along(mx, zeros, flat(places.in()), flat(moved.in()), 1), sizes));
}

Value max_unpool2d(Mlx& mx, Value x, Value indices, Sizes output) { return max_unpool(mx, x, indices, output); }
Value max_unpool3d(Mlx& mx, Value x, Value indices, Sizes output, [[maybe_unused]] Ints64 stride,
                   [[maybe_unused]] Ints64 padding) {
  return max_unpool(mx, x, indices, output);
}

constexpr Lowering rows[] = {
    lower<max_unpool2d, "max_unpool2d(Tensor self, Tensor indices, SymInt[2] output_size) -> Tensor">,
    lower<max_unpool3d,
          "max_unpool3d(Tensor self, Tensor indices, SymInt[3] output_size, int[3] stride, int[3] padding) -> Tensor">,
    lower<max_pool<1>,
          "max_pool1d(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=0, int[1] dilation=1, bool "
          "ceil_mode=False) -> Tensor">,
    lower<max_pool<2>,
          "max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, bool "
          "ceil_mode=False) -> Tensor">,
    lower<max_pool<3>,
          "max_pool3d(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, int[3] dilation=1, bool "
          "ceil_mode=False) -> Tensor">,
    lower<max_pool_indices<1>,
          "max_pool1d_with_indices(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=0, int[1] "
          "dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)">,
    lower<max_pool_indices<2>,
          "max_pool2d_with_indices(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] "
          "dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)">,
    lower<max_pool_indices<3>,
          "max_pool3d_with_indices(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, int[3] "
          "dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)">,
    lower<avg_pool1d,
          "avg_pool1d(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=0, bool ceil_mode=False, bool "
          "count_include_pad=True) -> Tensor">,
    lower<avg_pool<2>,
          "avg_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, bool ceil_mode=False, bool "
          "count_include_pad=True, int? divisor_override=None) -> Tensor">,
    lower<avg_pool<3>,
          "avg_pool3d(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, bool ceil_mode=False, bool "
          "count_include_pad=True, int? divisor_override=None) -> Tensor">,
};

}  // namespace

std::span<const Lowering> pool_lowerings() { return rows; }

}  // namespace torch2mlx::ops
