// F.interpolate: every mode works axis by axis. Positions are computed in float32, as torch does.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "graph/fraction.h"
#include "ops/aten_families.h"
#include "ops/channels_last.h"

namespace torch2mlx::ops {
namespace {

// One axis to be resized. `scale`: input elements an output element, a number or the quotient of two sizes.
struct Resize {
  int axis;
  Size in, out;
  std::optional<double> factor;  // that the caller stated
};

using Floats = std::vector<double>;
using Along = std::function<Value(Mlx&, Value last, const Resize&)>;

// As torch rounds it: from the stated factor, else from the sizes.
std::optional<float> constant_scale(const Resize& r) {
  if (r.factor && *r.factor > 0) return static_cast<float>(1 / *r.factor);
  if (!r.in.constant() || !r.out.constant()) return std::nullopt;
  return static_cast<float>(*r.in.constant()) / static_cast<float>(*r.out.constant());
}

Value scaled(Mlx& mx, Value x, const Resize& r) {
  if (const auto scale = constant_scale(r)) return mx("multiply", x, static_cast<double>(*scale));
  return mx("multiply", x, mx("divide", r.in, r.out));
}

Value centred(Mlx& mx, const Resize& r) { return mx("add", counting(mx, r.out, Dtype::float32), 0.5); }

Value positions(Mlx& mx, const Resize& r, bool align_corners) {
  if (!align_corners) return mx("subtract", scaled(mx, centred(mx, r), r), 0.5);
  const Value i = counting(mx, r.out, Dtype::float32);
  const Size steps = mx.sub(r.out, 1), last = mx.sub(r.in, 1);
  if (steps.constant() == 0) return mx("multiply", i, 0.0);
  if (!steps.constant() || !last.constant()) {
    const Size at_least_one = steps.constant() ? steps : mx.integer("int_max", steps, 1);
    return mx("multiply", i, mx("divide", last, at_least_one));
  }
  const float scale = static_cast<float>(*last.constant()) / static_cast<float>(*steps.constant());
  return mx("multiply", i, static_cast<double>(scale));
}

// Each element so many times over, if that is what torch's rounding comes to.
std::optional<std::int64_t> repeats(Mlx& mx, const Resize& r, bool exact) {
  const Dim in = mx.dim_of(r.in), out = mx.dim_of(r.out);
  constexpr std::int64_t most = 64, longest = 1 << 16;
  for (std::int64_t count = 1; count <= most; ++count) {
    if (!(in * Dim(count) == out)) continue;
    const float scale = constant_scale(r).value_or(1.0f / static_cast<float>(count));
    const std::int64_t end = r.out.constant().value_or(longest);
    for (std::int64_t i = 0; i < end; ++i)
      if (static_cast<std::int64_t>(std::floor((static_cast<float>(i) + (exact ? 0.5f : 0.0f)) * scale)) != i / count)
        return std::nullopt;
    return count;
  }
  return std::nullopt;
}

template <bool exact>
Value nearest(Mlx& mx, Value last, const Resize& r) {
  if (const auto count = repeats(mx, r, exact)) return *count == 1 ? last : mx("repeat", last, *count, r.axis);
  const Value position = scaled(mx, exact ? centred(mx, r) : counting(mx, r.out, Dtype::float32), r);
  const Value index = mx.cast(mx("floor", position), Dtype::int32);
  return mx("take", last, mx("minimum", index, mx.sub(r.in, 1)), r.axis);
}

template <bool align_corners>
Value linear(Mlx& mx, Value last, const Resize& r) {
  if (mx.dim_of(r.in) == mx.dim_of(r.out)) return last;
  Value position = positions(mx, r, align_corners);
  if (!align_corners) position = mx("maximum", position, 0);
  const Value low = mx("minimum", mx.cast(mx("floor", position), Dtype::int32), mx.sub(r.in, 1));
  const Value high = mx("minimum", mx("add", low, 1), mx.sub(r.in, 1));
  const Value share = shaped_along(mx, mx("minimum", mx("subtract", position, low), 1), r.axis, mx.rank(last));
  const Value below = mx("multiply", mx("take", last, low, r.axis), mx("subtract", 1, share));
  return mx("add", below, mx("multiply", mx("take", last, high, r.axis), share));
}

// Sums of neighbours. index, weights: (out, taps)
Value weighted(Mlx& mx, Value last, Value index, Value weights, int axis) {
  const Value terms = mx("multiply", mx("take", last, index, axis), shaped_along(mx, weights, axis, mx.rank(last) + 1));
  return mx("sum", terms, std::vector<int>{axis + 1}, false);
}

// Keys' cubic filter of a distance up to 2.
Value cubic_filter(Mlx& mx, Value distance, double a) {
  const auto horner = [&](Floats coefficients) {
    Value y = mx("add", mx("multiply", distance, coefficients[0]), coefficients[1]);
    for (std::size_t i = 2; i < coefficients.size(); ++i) {
      y = mx("multiply", y, distance);
      if (coefficients[i] != 0) y = mx("add", y, coefficients[i]);
    }
    return y;
  };
  const Value near = horner({a + 2, -(a + 3), 0, 1}), far = horner({a, -5 * a, 8 * a, -4 * a});
  return mx("where", mx("less_equal", distance, 1), near, far);
}

template <bool align_corners>
Value cubic(Mlx& mx, Value last, const Resize& r) {
  if (mx.dim_of(r.in) == mx.dim_of(r.out)) return last;
  const Value position = positions(mx, r, align_corners), floor = mx("floor", position);
  const Value taps = mx("arange", -1, 3, std::nullopt, Dtype::int32);
  const Value index = mx("add", mx("expand_dims", mx.cast(floor, Dtype::int32), 1), taps);
  const Value inside = mx("minimum", mx("maximum", index, 0), mx.sub(r.in, 1));
  const Value distance = mx("abs", mx("subtract", mx("expand_dims", mx("subtract", position, floor), 1), taps));
  return weighted(mx, last, inside, cubic_filter(mx, distance, -0.75), r.axis);
}

// Antialiased: the filter is stretched over all the elements that fall into one of the output.
template <bool is_cubic>
Value antialiased(Mlx& mx, Value last, const Resize& r, bool align_corners) {
  if (!r.in.constant() || !r.out.constant()) mx.refuse("antialias=True over an axis whose size is not constant");
  const double in = static_cast<double>(*r.in.constant()), out = static_cast<double>(*r.out.constant());
  double scale = in / out;
  if (r.factor && *r.factor > 0) scale = 1 / *r.factor;
  if (align_corners) scale = out > 1 ? (in - 1) / (out - 1) : 0;
  const double stretch = std::max(scale, 1.0), support = (is_cubic ? 2 : 1) * stretch;
  const Value centre = mx("multiply", centred(mx, r), static_cast<double>(static_cast<float>(scale)));
  const auto edge = [&](double offset) {
    const Value at = mx.cast(mx("floor", mx("add", centre, offset)), Dtype::int32);
    return mx("minimum", mx("maximum", at, 0), r.in);
  };
  const Value first = edge(0.5 - support), end = edge(0.5 + support);
  const auto taps = static_cast<std::int64_t>(std::ceil(support)) * 2 + 1;
  const Value index = mx("add", mx("expand_dims", first, 1), counting(mx, taps));
  Value distance = mx("subtract", mx("add", index, 0.5), mx("expand_dims", centre, 1));
  distance = mx("abs", mx("multiply", distance, 1 / stretch));
  Value weights =
      is_cubic ? cubic_filter(mx, mx("minimum", distance, 2), -0.5) : mx("maximum", mx("subtract", 1, distance), 0);
  weights = mx("where", mx("less", index, mx("expand_dims", end, 1)), weights, 0);
  weights = mx("divide", weights, mx("sum", weights, std::vector<int>{1}, true));
  return weighted(mx, last, mx("minimum", index, mx.sub(r.in, 1)), weights, r.axis);
}

Value resized(Mlx& mx, Value x, const Sizes& output, const std::vector<std::optional<double>>& factors,
              const Along& along_axis) {
  const int spatial = static_cast<int>(output.size());
  return in_channels_last(mx, x, spatial, [&](Value last) {
    for (int i = 0; i < spatial; ++i) last = along_axis(mx, last, {i + 1, mx.dim(last, i + 1), output[i], factors[i]});
    return last;
  });
}

Along filter(Mlx& mx, Value x, std::string_view mode, bool align_corners) {
  if (mode == "nearest") return nearest<false>;
  if (mode == "nearest-exact") return nearest<true>;
  if (!is_floating(mx.dtype(x))) mx.refuse("interpolation of integers, which torch rounds");
  if (mode == "linear") return align_corners ? linear<true> : linear<false>;
  if (mode == "cubic") return align_corners ? cubic<true> : cubic<false>;
  return [align_corners, is_cubic = mode == "cubic antialias"](Mlx& m, Value last, const Resize& r) {
    return is_cubic ? antialiased<true>(m, last, r, align_corners) : antialiased<false>(m, last, r, align_corners);
  };
}

// The sizes as torch declares them: products of sizes and fractions have no integer form.
Sizes output_sizes(Mlx& mx, Value x, std::optional<Sizes> output, const std::optional<Floats>& factors) {
  if (output) return *output;
  if (!factors) mx.refuse("needs a size or a scale");
  Sizes sizes;
  for (std::size_t i = 0; i < factors->size(); ++i) {
    const double factor = (*factors)[i];
    const Size in = mx.dim(x, static_cast<int>(i) - static_cast<int>(factors->size()));
    const auto fraction = graph::as_fraction(factor);
    if (in.constant())
      sizes.emplace_back(static_cast<std::int64_t>(static_cast<double>(*in.constant()) * factor));
    else if (fraction)
      sizes.push_back(mx.floordiv(mx.mul(in, fraction->first), fraction->second));
    else
      mx.refuse(fmt::format("a scale of {} over an axis whose size is not constant", factor),
                "trace with this axis fixed, or pass size=");
  }
  return sizes;
}

Value by_lists(Mlx& mx, Value x, std::string_view mode, bool align_corners, std::optional<Sizes> output,
               const std::optional<Floats>& factors) {
  const Sizes sizes = output_sizes(mx, x, std::move(output), factors);
  std::vector<std::optional<double>> stated(sizes.size());
  if (factors) std::ranges::copy(*factors, stated.begin());
  return resized(mx, x, sizes, stated, filter(mx, x, mode, align_corners));
}

template <detail::Text mode>
Value plain_lists(Mlx& mx, Value x, std::optional<Sizes> output, std::optional<Floats> factors) {
  return by_lists(mx, x, mode.view(), false, output, factors);
}
template <detail::Text mode>
Value aligned_lists(Mlx& mx, Value x, std::optional<Sizes> output, bool align_corners, std::optional<Floats> factors) {
  return by_lists(mx, x, mode.view(), align_corners, output, factors);
}

using Factor = std::optional<double>;
template <detail::Text mode>
Value plain1(Mlx& mx, Value x, Sizes output, Factor w) {
  return resized(mx, x, output, {w}, filter(mx, x, mode.view(), false));
}
template <detail::Text mode>
Value plain2(Mlx& mx, Value x, Sizes output, Factor h, Factor w) {
  return resized(mx, x, output, {h, w}, filter(mx, x, mode.view(), false));
}
template <detail::Text mode>
Value plain3(Mlx& mx, Value x, Sizes output, Factor d, Factor h, Factor w) {
  return resized(mx, x, output, {d, h, w}, filter(mx, x, mode.view(), false));
}
template <detail::Text mode>
Value aligned1(Mlx& mx, Value x, Sizes output, bool align_corners, Factor w) {
  return resized(mx, x, output, {w}, filter(mx, x, mode.view(), align_corners));
}
template <detail::Text mode>
Value aligned2(Mlx& mx, Value x, Sizes output, bool align_corners, Factor h, Factor w) {
  return resized(mx, x, output, {h, w}, filter(mx, x, mode.view(), align_corners));
}
template <detail::Text mode>
Value aligned3(Mlx& mx, Value x, Sizes output, bool align_corners, Factor d, Factor h, Factor w) {
  return resized(mx, x, output, {d, h, w}, filter(mx, x, mode.view(), align_corners));
}

#define PLAIN_LISTS "(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor"
#define ALIGNED_LISTS "(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor"
#define PLAIN1 "(Tensor self, SymInt[1] output_size, float? scales=None) -> Tensor"
#define PLAIN2 "(Tensor self, SymInt[2] output_size, float? scales_h=None, float? scales_w=None) -> Tensor"
#define PLAIN3                                                                                                 \
  "(Tensor self, SymInt[3] output_size, float? scales_d=None, float? scales_h=None, float? scales_w=None) -> " \
  "Tensor"
#define ALIGNED1 "(Tensor self, SymInt[1] output_size, bool align_corners, float? scales=None) -> Tensor"
#define ALIGNED2 \
  "(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> Tensor"
#define ALIGNED3                                                                                                 \
  "(Tensor self, SymInt[3] output_size, bool align_corners, float? scales_d=None, float? scales_h=None, float? " \
  "scales_w=None) -> Tensor"

constexpr Lowering rows[] = {
    lower<plain_lists<"nearest">, "upsample_nearest1d.vec" PLAIN_LISTS>,
    lower<plain_lists<"nearest">, "upsample_nearest2d.vec" PLAIN_LISTS>,
    lower<plain_lists<"nearest">, "upsample_nearest3d.vec" PLAIN_LISTS>,
    lower<plain_lists<"nearest-exact">, "_upsample_nearest_exact1d.vec" PLAIN_LISTS>,
    lower<plain_lists<"nearest-exact">, "_upsample_nearest_exact2d.vec" PLAIN_LISTS>,
    lower<plain_lists<"nearest-exact">, "_upsample_nearest_exact3d.vec" PLAIN_LISTS>,
    lower<aligned_lists<"linear">, "upsample_linear1d.vec" ALIGNED_LISTS>,
    lower<aligned_lists<"linear">, "upsample_bilinear2d.vec" ALIGNED_LISTS>,
    lower<aligned_lists<"linear">, "upsample_trilinear3d.vec" ALIGNED_LISTS>,
    lower<aligned_lists<"cubic">, "upsample_bicubic2d.vec" ALIGNED_LISTS>,
    lower<aligned_lists<"linear antialias">, "_upsample_bilinear2d_aa.vec" ALIGNED_LISTS>,
    lower<aligned_lists<"cubic antialias">, "_upsample_bicubic2d_aa.vec" ALIGNED_LISTS>,
    lower<plain1<"nearest">, "upsample_nearest1d" PLAIN1>,
    lower<plain2<"nearest">, "upsample_nearest2d" PLAIN2>,
    lower<plain3<"nearest">, "upsample_nearest3d" PLAIN3>,
    lower<plain1<"nearest-exact">, "_upsample_nearest_exact1d" PLAIN1>,
    lower<plain2<"nearest-exact">, "_upsample_nearest_exact2d" PLAIN2>,
    lower<plain3<"nearest-exact">, "_upsample_nearest_exact3d" PLAIN3>,
    lower<aligned1<"linear">, "upsample_linear1d" ALIGNED1>,
    lower<aligned2<"linear">, "upsample_bilinear2d" ALIGNED2>,
    lower<aligned3<"linear">, "upsample_trilinear3d" ALIGNED3>,
    lower<aligned2<"cubic">, "upsample_bicubic2d" ALIGNED2>,
    lower<aligned2<"linear antialias">, "_upsample_bilinear2d_aa" ALIGNED2>,
    lower<aligned2<"cubic antialias">, "_upsample_bicubic2d_aa" ALIGNED2>,
};

}  // namespace

std::span<const Lowering> resize_lowerings() { return rows; }

}  // namespace torch2mlx::ops
