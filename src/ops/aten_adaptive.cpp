// Pools to a given size: windows differ in size where it does not divide the input's.
#include <algorithm>

#include "ops/aten_families.h"
#include "ops/pooling.h"

namespace torch2mlx::ops {
namespace {

std::int64_t ceil_divide(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

// Window i is [i in / out, ceil((i + 1) in / out)).
struct Adaptive {
  Value first, count;  // (out,)
  Size longest;

  Adaptive(Mlx& mx, Size in, Size out)
      : first(scaled(mx, counting(mx, out), in, out, 0)),
        count(mx("subtract", scaled(mx, mx("add", counting(mx, out), 1), in, out, 1), first)),
        longest(longest_of(mx, in, out)) {}

 private:
  static Value scaled(Mlx& mx, Value i, Size in, Size out, int up) {
    const Value product = mx("multiply", i, in);
    return mx("floor_divide", up ? mx("add", product, mx.sub(out, 1)) : product, out);
  }
  static Size longest_of(Mlx& mx, Size in, Size out) {
    if (!in.constant() || !out.constant()) return mx.add(mx.floordiv(mx.sub(mx.add(in, out), 1), out), 1);
    std::int64_t longest = 1;
    for (std::int64_t i = 0; i < *out.constant(); ++i)
      longest = std::max(longest,
                         ceil_divide((i + 1) * *in.constant(), *out.constant()) - i * *in.constant() / *out.constant());
    return longest;
  }
};

bool same(Mlx& mx, Value x, int axis, Size out) { return mx.shape(x).at(axis) == mx.dim_of(out); }

std::optional<std::int64_t> divided(Mlx& mx, Value x, int axis, Size out) {
  const auto in = mx.shape(x).at(axis).constant(), count = out.constant();
  return in && count && *count > 0 && *in % *count == 0 ? std::optional(*in / *count) : std::nullopt;
}

// The windows' size where all are of one size and lie side by side.
std::optional<Ints64> even_windows(Mlx& mx, Value last, const Sizes& output) {
  Ints64 kernel;
  for (std::size_t i = 0; i < output.size(); ++i) {
    const auto size = divided(mx, last, static_cast<int>(i) + 1, output[i]);
    if (!size) return std::nullopt;
    kernel.push_back(*size);
  }
  return kernel;
}

Value average(Mlx& mx, Value x, int axis, Size out) {
  if (same(mx, x, axis, out)) return x;
  if (out.constant() == 1) return mx("mean", x, std::vector<int>{axis}, true);
  const int rank = mx.rank(x);
  const Size in = mx.dim(x, axis);
  const Adaptive windows(mx, in, out);
  const Value offsets = counting(mx, windows.longest);
  const Value positions = mx("minimum", mx("add", mx("expand_dims", windows.first, 1), offsets), mx.sub(in, 1));
  const Value inside = mx("less", offsets, mx("expand_dims", windows.count, 1));
  const Value kept = mx("where", shaped_along(mx, inside, axis, rank + 1), mx("take", x, positions, axis), 0);
  const Value count = shaped_along(mx, mx.cast(windows.count, mx.dtype(x)), axis, rank);
  return mx("divide", mx("sum", kept, std::vector<int>{axis + 1}, false), count);
}

template <int spatial>
Value adaptive_avg_pool(Mlx& mx, Value x, Sizes output) {
  const bool whole = std::ranges::all_of(output, [](const Size& size) { return size.constant() == 1; });
  std::vector<int> axes;
  for (int i = mx.rank(x) - spatial; i < mx.rank(x); ++i) axes.push_back(i);
  if (whole) return mx("mean", x, axes, true);
  return in_channels_last(mx, x, spatial, [&](Value last) {
    if (const auto kernel = even_windows(mx, last, output))
      return mx.unchecked("avg_pool" + std::to_string(spatial) + "d", last, *kernel, *kernel, Ints64(spatial, 0));
    for (int i = 0; i < spatial; ++i) last = average(mx, last, i + 1, output[i]);
    return last;
  });
}

std::vector<WindowAxis> adaptive_axes(Mlx& mx, Value last, const Sizes& output) {
  std::vector<WindowAxis> axes;
  for (std::size_t i = 0; i < output.size(); ++i) {
    const Adaptive windows(mx, mx.dim(last, static_cast<int>(i) + 1), output[i]);
    // Places beyond a window repeat its last element.
    const Value offsets =
        mx("minimum", counting(mx, windows.longest), mx("expand_dims", mx("subtract", windows.count, 1), 1));
    const Value positions = mx("add", mx("expand_dims", windows.first, 1), offsets);
    axes.push_back({windows.first, windows.longest, 1, positions, false});
  }
  return axes;
}

template <int spatial>
std::pair<Value, Value> adaptive_max_pool(Mlx& mx, Value x, Sizes output) {
  const ChannelsLast moved(mx, x, spatial);
  const auto axes = adaptive_axes(mx, moved.in(), output);
  Value y = moved.in();
  if (const auto kernel = even_windows(mx, y, output)) {
    y = mx.unchecked("max_pool" + std::to_string(spatial) + "d", y, *kernel, *kernel, Ints64(spatial, 0));
  } else {
    for (int i = 0; i < spatial; ++i)
      y = mx("max", mx("take", y, axes[i].positions, i + 1), std::vector<int>{i + 2}, false);
  }
  const Value place = largest_in_windows(mx, moved.in(), axes);
  return {moved.out(y), moved.out(flat_index(mx, place, axes, moved.in()))};
}

constexpr Lowering rows[] = {
    lower<adaptive_avg_pool<1>, "adaptive_avg_pool1d(Tensor self, int[1] output_size) -> Tensor">,
    lower<adaptive_avg_pool<2>, "adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor">,
    lower<adaptive_avg_pool<3>, "adaptive_avg_pool3d(Tensor self, SymInt[3] output_size) -> Tensor">,
    lower<adaptive_avg_pool<2>, "_adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor">,
    lower<adaptive_avg_pool<3>, "_adaptive_avg_pool3d(Tensor self, SymInt[3] output_size) -> Tensor">,
    lower<adaptive_max_pool<1>, "adaptive_max_pool1d(Tensor self, int[1] output_size) -> (Tensor, Tensor)">,
    lower<adaptive_max_pool<2>, "adaptive_max_pool2d(Tensor self, int[2] output_size) -> (Tensor, Tensor)">,
    lower<adaptive_max_pool<3>, "adaptive_max_pool3d(Tensor self, int[3] output_size) -> (Tensor, Tensor)">,
};

}  // namespace

std::span<const Lowering> adaptive_lowerings() { return rows; }

}  // namespace torch2mlx::ops
