// grid_sample and affine_grid.
#include <fmt/format.h>

#include <algorithm>

#include "ops/aten_families.h"
#include "ops/channels_last.h"

namespace torch2mlx::ops {
namespace {

enum Mode : std::int64_t { bilinear, nearest, bicubic };
enum Padding : std::int64_t { zeros, border, reflection };

struct Options {
  std::int64_t mode, padding;
  bool align_corners;
};

Value clipped(Mlx& mx, Value x, Size low, Size high) { return mx("minimum", mx("maximum", x, low), high); }

// Mirrored between the borders as often as it takes.
Value reflected(Mlx& mx, Value x, Size size, bool align_corners) {
  const Size span = align_corners ? mx.sub(size, 1) : size;
  if (span.constant() == 0) return mx("multiply", x, 0);
  const Value from = mx("abs", align_corners ? x : mx("add", x, 0.5));
  const Value turns = mx("floor", mx("divide", from, span)), rest = mx("remainder", from, span);
  const Value even = mx("equal", mx("remainder", turns, 2), 0);
  const Value y = mx("where", even, rest, mx("subtract", span, rest));
  return align_corners ? y : mx("subtract", y, 0.5);
}

// One axis of the input: where the samples lie on it, in elements.
struct Axis {
  Size size;
  Value position;  // (N, *out)
};

// -1 .. 1 to elements: the middles of the outer ones, or their outer edges.
Value in_elements(Mlx& mx, Value x, Size size, bool align_corners) {
  const Value shifted = mx("add", x, 1);
  const Size span = align_corners ? mx.sub(size, 1) : size;
  const Value y = span.constant() ? mx("multiply", shifted, static_cast<double>(*span.constant()) / 2)
                                  : mx("multiply", shifted, mx("divide", span, 2));
  return align_corners ? y : mx("subtract", y, 0.5);
}

Value on_input(Mlx& mx, Value position, Size size, const Options& options) {
  if (options.padding == zeros) return position;
  if (options.padding == reflection) position = reflected(mx, position, size, options.align_corners);
  return clipped(mx, position, 0, mx.sub(size, 1));
}

// Reads elements by their (whole) positions; beyond the input are zeros, or its border.
class Reader {
 public:
  Reader(Mlx& mx, Value last, const std::vector<Axis>& axes, const Options& options)
      : mx_(mx), in_(last), rank_(mx.rank(axes[0].position)), padded_(options.padding == zeros), options_(options) {
    if (padded_) {
      graph::List widths{graph::List{0, 0}};
      for (std::size_t i = 0; i < axes.size(); ++i) widths.push_back(graph::List{1, 1});
      widths.push_back(graph::List{0, 0});
      in_ = mx("pad", last, widths, 0);
    }
    batch_ = shaped_along(mx, counting(mx, mx.dim(last, 0)), 0, rank_);
  }

  // An index along one axis, from a float position.
  Value index(const Axis& axis, Value position) {
    const Size end = mx_.sub(axis.size, 1);
    if (padded_) return mx_("add", mx_.cast(clipped(mx_, position, -1, axis.size), Dtype::int32), 1);
    if (options_.padding == reflection) position = reflected(mx_, position, axis.size, options_.align_corners);
    return mx_.cast(clipped(mx_, position, 0, end), Dtype::int32);
  }
  // (N, *out, C)
  Value at(const std::vector<Value>& indices) {
    std::vector<Value> all{batch_};
    std::vector<int> axes{0};
    for (const Value& index : indices) {
      axes.push_back(static_cast<int>(all.size()));
      all.push_back(index);
    }
    return mx_("gather", in_, all, axes);
  }

 private:
  Mlx& mx_;
  Value in_, batch_{};
  int rank_;
  bool padded_;
  Options options_;
};

Value sample_nearest(Mlx& mx, Reader& reader, const std::vector<Axis>& axes) {
  std::vector<Value> indices;
  for (const Axis& axis : axes) indices.push_back(reader.index(axis, mx("round", axis.position)));
  return reader.at(indices);
}

// Between the corners, axis by axis.
Value sample_linear(Mlx& mx, Reader& reader, const std::vector<Axis>& axes) {
  struct Ends {
    Value low, high, share;
  };
  std::vector<Ends> ends;
  for (const Axis& axis : axes) {
    const Value low = mx("floor", axis.position);
    const Value share = mx("expand_dims", mx("subtract", axis.position, low), -1);
    ends.push_back({reader.index(axis, low), reader.index(axis, mx("add", low, 1)), share});
  }
  const auto between = [&](auto& self, std::vector<Value> chosen) -> Value {
    if (chosen.size() == ends.size()) return reader.at(chosen);
    const Ends& end = ends[chosen.size()];
    chosen.push_back(end.low);
    const Value below = self(self, chosen);
    chosen.back() = end.high;
    const Value above = self(self, chosen);
    return mx("add", mx("multiply", below, mx("subtract", 1, end.share)), mx("multiply", above, end.share));
  };
  return between(between, {});
}

// Keys' cubic convolution with a = -0.75: the weights of the elements -1, 0, 1, 2 from the floor.
std::vector<Value> cubic_weights(Mlx& mx, Value t) {
  constexpr double a = -0.75;
  const auto near = [&](Value d) {
    const Value inner = mx("subtract", mx("multiply", d, a + 2), a + 3);
    return mx("add", mx("multiply", mx("multiply", inner, d), d), 1);
  };
  const auto far = [&](Value d) {
    const Value inner = mx("add", mx("multiply", mx("subtract", mx("multiply", d, a), 5 * a), d), 8 * a);
    return mx("subtract", mx("multiply", inner, d), 4 * a);
  };
  const Value rest = mx("subtract", 1, t);
  return {far(mx("add", t, 1)), near(t), near(rest), far(mx("add", rest, 1))};
}

Value sample_cubic(Mlx& mx, Reader& reader, const std::vector<Axis>& axes) {
  std::vector<std::vector<Value>> indices, weights;
  for (const Axis& axis : axes) {
    const Value low = mx("floor", axis.position);
    auto& taps = indices.emplace_back();
    for (int k = -1; k < 3; ++k) taps.push_back(reader.index(axis, k == 0 ? low : mx("add", low, k)));
    weights.push_back(cubic_weights(mx, mx("expand_dims", mx("subtract", axis.position, low), -1)));
  }
  OptValue sum;
  for (std::size_t i = 0; i < 4; ++i) {
    OptValue line;
    for (std::size_t j = 0; j < 4; ++j) {
      const Value term = mx("multiply", reader.at({indices[0][i], indices[1][j]}), weights[1][j]);
      line = line ? mx("add", *line, term) : term;
    }
    const Value term = mx("multiply", *line, weights[0][i]);
    sum = sum ? mx("add", *sum, term) : term;
  }
  return *sum;
}

Value grid_sample(Mlx& mx, Value x, Value grid, std::int64_t mode, std::int64_t padding, bool align_corners) {
  const int spatial = mx.rank(x) - 2;
  if (spatial != 2 && spatial != 3) mx.refuse(fmt::format("needs an input of 4 or 5 dimensions, got {}", mx.rank(x)));
  const Options options{mode, padding, align_corners};
  return in_channels_last(mx, x, spatial, [&](Value last) {
    std::vector<Axis> axes;
    for (int i = 0; i < spatial; ++i) {  // the grid's last axis is x, y, z
      const Size size = mx.dim(last, i + 1);
      const Value raw = mx("select", grid, spatial + 1, spatial - 1 - i);
      const Value position = in_elements(mx, raw, size, align_corners);
      axes.push_back({size, mode == bicubic ? position : on_input(mx, position, size, options)});
    }
    // Positions of linear and nearest samples are on the input already.
    const bool read_over = mode == bicubic || padding == zeros;
    Reader reader(mx, last, axes, read_over ? options : Options{mode, border, align_corners});
    if (mode == nearest) return sample_nearest(mx, reader, axes);
    return mode == bicubic ? sample_cubic(mx, reader, axes) : sample_linear(mx, reader, axes);
  });
}

// The middles of `size` elements from -1 to 1, or with align_corners from the first's to the last's.
Value middles(Mlx& mx, Size size, bool align_corners) {
  const Value i = counting(mx, size, Dtype::float32);
  if (align_corners && size.constant() == 1) return i;
  const Size steps = align_corners ? mx.sub(size, 1) : size;
  const Value double_i = mx("multiply", i, 2);
  const Value numerator = align_corners ? double_i : mx("add", double_i, 1);
  return mx("subtract", mx("divide", numerator, steps), 1);
}

// theta: (N, 2, 3) or (N, 3, 4), size: (N, C, *spatial) -> (N, *spatial, 2 or 3)
Value affine_grid(Mlx& mx, Value theta, Sizes size, bool align_corners) {
  const int spatial = static_cast<int>(size.size()) - 2;
  Sizes all{mx.dim(theta, 0)};
  for (int i = 0; i < spatial; ++i) all.push_back(size[i + 2]);
  const Sizes lines(size.begin() + 2, size.end());
  std::vector<Value> coordinates;
  for (int i = spatial; i-- > 0;) {
    const Value line = mx.cast(middles(mx, size[i + 2], align_corners), mx.dtype(theta));
    coordinates.push_back(mx("broadcast_to", shaped_along(mx, line, i, spatial), lines));
  }
  coordinates.push_back(mx("full", lines, 1, mx.dtype(theta)));
  Value base = mx("stack", coordinates, spatial);
  base = mx("reshape", base, Sizes{-1, spatial + 1});
  const Value grid = mx("matmul", base, mx("transpose", theta, std::vector<int>{0, 2, 1}));
  all.push_back(spatial);
  return mx("reshape", grid, all);
}

constexpr Lowering rows[] = {
    lower<grid_sample,
          "grid_sampler(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> "
          "Tensor">,
    lower<grid_sample,
          "grid_sampler_2d(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> "
          "Tensor">,
    lower<grid_sample,
          "grid_sampler_3d(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> "
          "Tensor">,
    lower<affine_grid, "affine_grid_generator(Tensor theta, SymInt[] size, bool align_corners) -> Tensor">,
};

}  // namespace

std::span<const Lowering> grid_lowerings() { return rows; }

}  // namespace torch2mlx::ops
