// Bessel functions, by the forms of Abramowitz and Stegun 9.4 and 9.8 with coefficients fitted to PyTorch's float64
// (their errors are below 1e-6): near 0 a polynomial of x^2, far from it one of 1 / x.
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "ops/aten_families.h"
#include "ops/polynomial.h"
#include "ops/promotion.h"

namespace torch2mlx::ops {
namespace {

constexpr double pi = std::numbers::pi;

// Coefficients of orders 0 and 1. Those near 0 of order 1 are of f(x) / x, or of x f(x) for the second kinds.
struct Fit {
  double bound;  // `near` holds below it
  std::array<std::array<double, 7>, 2> near;
};
constexpr Fit i_fit{
    3.75,
    {{{1.00000001, 3.51562344, 3.08993665, 1.20676475, 0.265960311, 0.036075375, 0.00458521197},
      {0.500000001, 0.878906116, 0.514986612, 0.15085764, 0.0265724331, 0.00302770752, 0.000320213028}}}};
constexpr Fit k_fit{
    2,
    {{{-0.577215665, 0.422784334, 0.2306961, 0.034892061, 0.00261506225, 0.000118079955, 3.90044949e-06},
      {1, 0.154431344, -0.672784555, -0.181573853, -0.0191859281, -0.00110991341, -4.53301786e-05}}}};
constexpr Fit j_fit{
    3,
    {{{0.999999999, -2.24999988, 1.26562306, -0.316394552, 0.0444609474, -0.00395447912, 0.000212950098},
      {0.5, -0.562499992, 0.210937377, -0.0395500402, 0.00444733107, -0.000330547311, 1.55247131e-05}}}};
constexpr Fit y_fit{
    3,
    {{{0.367466907, 0.605593797, -0.743505078, 0.253005481, -0.0426196157, 0.00428569088, -0.000250715623},
      {-0.636619793, 0.221208619, 2.16827561, -1.3164945, 0.312405023, -0.0400977179, 0.00278513152}}}};

constexpr std::array<std::array<double, 9>, 2> i_far{
    {{0.398942306, 0.0132938329, 0.00210808914, -0.000585018613, 0.00574817024, -0.0140211481, 0.0192451336,
      -0.0124014395, 0.00296435996},
     {0.398942249, -0.0398892181, -0.00345625121, 0.000529071876, -0.00653426273, 0.0156458046, -0.0212344834,
      0.0134879258, -0.00317400315}}};
constexpr std::array<std::array<double, 8>, 2> k_far{{{1.25331413, -0.0783306627, 0.0219970156, -0.0111646567,
                                                       0.00729537826, -0.00447513249, 0.00190289365, -0.00038178588},
                                                      {1.25331415, 0.234994635, -0.0366775747, 0.0156940474,
                                                       -0.00952238523, 0.00564708008, -0.00236327863, 0.000470307868}}};
// J = amplitude cos(x - shift + phase) / sqrt(x); Y the same with the sine.
constexpr std::array<std::array<double, 7>, 2> amplitude{
    {{0.797884563, -3.65502136e-07, -0.00553220821, -7.56683792e-05, 0.00133741647, -0.000699148132, 0.000135756535},
     {0.797884545, 1.55686445e-06, 0.0165962822, 0.000175455806, -0.00250518897, 0.00114493219, -0.000202642434}}};
constexpr std::array<std::array<double, 7>, 2> phase{
    {{3.10127054e-08, -0.0416689944, 2.37723297e-05, 0.00235316676, -3.50364788e-05, -0.000717051595, 0.000267345181},
     {-8.47539408e-08, 0.125006744, -7.83758721e-05, -0.00579256922, -0.000352420582, 0.00171993483, -0.000579368789}}};

Value near_zero(Mlx& mx, Value x, const Fit& fit, int order) {
  return polynomial(mx, mx("square", mx("divide", x, fit.bound)), fit.near[order]);
}

Value over_root(Mlx& mx, Value x, double bound, std::span<const double> coefficients) {
  return mx("divide", polynomial(mx, mx("divide", bound, x), coefficients), mx("sqrt", x));
}

// f in float32, and back.
template <class F>
Value in_float32(Mlx& mx, Value x, F&& f) {
  x = to_floating(mx, x);
  const Dtype dtype = mx.dtype(x);
  return mx.cast(f(mx.cast(x, Dtype::float32)), dtype);
}

// I of x; `scaled`: times exp(-|x|).
template <int order, bool scaled>
Value bessel_i(Mlx& mx, Value x) {
  return in_float32(mx, x, [&](Value y) {
    const Value size = mx("abs", y);
    Value near = near_zero(mx, size, i_fit, order), far = over_root(mx, size, i_fit.bound, i_far[order]);
    if (scaled) near = mx("multiply", near, mx("exp", mx("negative", size)));
    if (!scaled) far = mx("multiply", far, mx("exp", size));
    if (order == 1) near = mx("multiply", near, y), far = mx("multiply", far, mx("sign", y));
    return mx("where", mx("less", size, i_fit.bound), near, far);
  });
}

// K of x > 0; `scaled`: times exp(x).
template <int order, bool scaled>
Value bessel_k(Mlx& mx, Value x) {
  return in_float32(mx, x, [&](Value y) {
    Value inner = near_zero(mx, y, i_fit, order), near = near_zero(mx, y, k_fit, order);
    const Value logarithm = mx("log", mx("multiply", y, 0.5));
    if (order == 0) near = mx("subtract", near, mx("multiply", logarithm, inner));
    if (order == 1) near = mx("add", mx("divide", near, y), mx("multiply", logarithm, mx("multiply", inner, y)));
    Value far = over_root(mx, y, k_fit.bound, k_far[order]);
    if (scaled) near = mx("multiply", near, mx("exp", y));
    if (!scaled) far = mx("multiply", far, mx("exp", mx("negative", y)));
    const Value z = mx("where", mx("greater_equal", y, k_fit.bound), far, near);
    return mx("where", mx("equal", y, 0), std::numeric_limits<double>::infinity(), z);
  });
}

// Far from 0, of x > 0.
template <int order>
Value wave(Mlx& mx, Value x, bool sine) {
  const Value turned = mx("subtract", x, (order + 0.5) * pi / 2);
  const Value angle = mx("add", turned, polynomial(mx, mx("divide", j_fit.bound, x), phase[order]));
  const Value factor = over_root(mx, x, j_fit.bound, amplitude[order]);
  return mx("multiply", factor, sine ? mx("sin", angle) : mx("cos", angle));
}

template <int order>
Value bessel_j(Mlx& mx, Value x) {
  return in_float32(mx, x, [&](Value y) {
    const Value size = mx("abs", y);
    Value near = near_zero(mx, y, j_fit, order), far = wave<order>(mx, size, false);
    if (order == 1) near = mx("multiply", near, y), far = mx("multiply", far, mx("sign", y));
    return mx("where", mx("less", size, j_fit.bound), near, far);
  });
}

template <int order>
Value bessel_y(Mlx& mx, Value x) {
  return in_float32(mx, x, [&](Value y) {
    Value inner = near_zero(mx, y, j_fit, order), near = near_zero(mx, y, y_fit, order);
    if (order == 1) near = mx("divide", near, y), inner = mx("multiply", inner, y);
    const Value logarithm = mx("multiply", mx("log", mx("multiply", y, 0.5)), 2 / pi);
    near = mx("add", near, mx("multiply", logarithm, inner));
    const Value z = mx("where", mx("greater_equal", y, y_fit.bound), wave<order>(mx, y, true), near);
    return mx("where", mx("equal", y, 0), -std::numeric_limits<double>::infinity(), z);
  });
}

Value spherical_j0(Mlx& mx, Value x) {
  return in_float32(mx, x, [&](Value y) {
    static constexpr std::array series{1.0, -1.0 / 6, 1.0 / 120, -1.0 / 5040, 1.0 / 362880};
    const Value near = polynomial(mx, mx("square", y), series), far = mx("divide", mx("sin", y), y);
    const Value z = mx("where", mx("less", mx("abs", y), 0.5), near, far);
    return mx("where", mx("isinf", y), 0, z);
  });
}

constexpr Lowering rows[] = {
    lower<bessel_i<0, false>, "i0(Tensor self) -> Tensor">,
    lower<bessel_i<0, true>, "special_i0e(Tensor self) -> Tensor">,
    lower<bessel_i<1, false>, "special_i1(Tensor self) -> Tensor">,
    lower<bessel_i<1, true>, "special_i1e(Tensor self) -> Tensor">,
    lower<bessel_i<0, false>, "special_modified_bessel_i0(Tensor self) -> Tensor">,
    lower<bessel_i<1, false>, "special_modified_bessel_i1(Tensor self) -> Tensor">,
    lower<bessel_k<0, false>, "special_modified_bessel_k0(Tensor self) -> Tensor">,
    lower<bessel_k<1, false>, "special_modified_bessel_k1(Tensor self) -> Tensor">,
    lower<bessel_k<0, true>, "special_scaled_modified_bessel_k0(Tensor x) -> Tensor">,
    lower<bessel_k<1, true>, "special_scaled_modified_bessel_k1(Tensor x) -> Tensor">,
    lower<bessel_j<0>, "special_bessel_j0(Tensor self) -> Tensor">,
    lower<bessel_j<1>, "special_bessel_j1(Tensor self) -> Tensor">,
    lower<bessel_y<0>, "special_bessel_y0(Tensor self) -> Tensor">,
    lower<bessel_y<1>, "special_bessel_y1(Tensor self) -> Tensor">,
    lower<spherical_j0, "special_spherical_bessel_j0(Tensor x) -> Tensor">,
};

}  // namespace

std::span<const Lowering> bessel_lowerings() { return rows; }

}  // namespace torch2mlx::ops
