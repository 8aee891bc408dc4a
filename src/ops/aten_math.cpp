// Functions of analysis: trigonometry, logarithms, the gamma and error functions.
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
constexpr double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();

template <detail::Text name>
Value floating(Mlx& mx, Value x) {
  return mx.unchecked(name.view(), to_floating(mx, x));
}

Value atan2(Mlx& mx, Operand a, Operand b) {
  promote(mx, a, b, mx.declared_dtype());
  return mx("arctan2", a, b);
}

Value exp2(Mlx& mx, Value x) { return mx("power", 2, to_floating(mx, x)); }

Value hypot(Mlx& mx, Operand a, Operand b) {
  promote(mx, a, b);
  const Value x = mx("abs", a), y = mx("abs", b);
  const Value larger = mx("maximum", x, y), ratio = mx("divide", mx("minimum", x, y), larger);
  const Value length = mx("multiply", larger, mx("sqrt", mx("add", mx("square", ratio), 1)));
  const Value endless = mx("logical_or", mx("isinf", x), mx("isinf", y));
  return mx("where", endless, infinity, mx("where", mx("equal", larger, 0), larger, length));
}

// erfc(x) exp(x^2) for x >= 0 (Numerical Recipes, 6.2); relative error below 1.2e-7.
Value scaled_erfc(Mlx& mx, Value x, OptValue exponent) {
  static constexpr std::array coefficients{-1.26551223, 1.00002368,  0.37409196, 0.09678418,  -0.18628806,
                                           0.27886807,  -1.13520398, 1.48851587, -0.82215223, 0.17087277};
  const Value t = mx("divide", 1, mx("add", mx("multiply", x, 0.5), 1));
  Value y = polynomial(mx, t, coefficients);
  if (exponent) y = mx("add", y, *exponent);
  return mx("multiply", t, mx("exp", y));
}

// Not 1 - erf(x), which has no digits left where erf is near 1.
Value erfc(Mlx& mx, Value x) {
  x = to_floating(mx, x);
  const Dtype dtype = mx.dtype(x);
  x = mx.cast(x, Dtype::float32);
  const Value size = mx("abs", x);
  const Value tail = scaled_erfc(mx, size, mx("negative", mx("square", x)));
  return mx.cast(mx("where", mx("less", x, 0), mx("subtract", 2, tail), tail), dtype);
}

Value erfcx(Mlx& mx, Value x) {
  x = to_floating(mx, x);
  const Value tail = scaled_erfc(mx, mx("abs", x), std::nullopt);
  const Value below = mx("subtract", mx("multiply", mx("exp", mx("square", x)), 2), tail);
  return mx("where", mx("less", x, 0), below, tail);
}

// How far x is from a whole number, exactly: |sin(pi x)| and tan(pi x) are those of it.
Value fraction(Mlx& mx, Value x) { return mx("subtract", x, mx("round", x)); }

// Lanczos' approximation for x >= 0.5, with log(t) - 1 as one factor so that infinity stays infinity.
Value lgamma_right(Mlx& mx, Value x) {
  static constexpr std::array coefficients{76.18009172947146,  -86.50532032941677,    24.01409824083091,
                                           -1.231739572450155, 0.1208650973866179e-2, -0.5395239384953e-5};
  Value series = mx("divide", coefficients[0], mx("add", x, 1));
  for (std::size_t i = 1; i < coefficients.size(); ++i)
    series = mx("add", series, mx("divide", coefficients[i], mx("add", x, static_cast<std::int64_t>(i) + 1)));
  series = mx("add", series, 1.000000000190015);
  const Value power = mx("multiply", mx("add", x, 0.5), mx("subtract", mx("log", mx("add", x, 5.5)), 1));
  const Value rest = mx("log", mx("divide", mx("multiply", series, std::sqrt(2 * pi)), x));
  return mx("add", mx("subtract", power, 5), rest);
}

Value lgamma(Mlx& mx, Value x) {
  x = to_floating(mx, x);
  const Dtype dtype = mx.dtype(x);
  x = mx.cast(x, Dtype::float32);
  const Value reflects = mx("less", x, 0.5);
  const Value right = lgamma_right(mx, mx("where", reflects, mx("subtract", 1, x), x));
  const Value sine = mx("abs", mx("sin", mx("multiply", fraction(mx, x), pi)));
  const Value left = mx("subtract", mx("subtract", std::log(pi), mx("log", sine)), right);
  const Value y = mx("where", reflects, left, right);
  return mx.cast(mx("where", mx("isinf", x), infinity, y), dtype);
}

// x moved up by 6, where the asymptotic series is exact, with what the recurrence adds: f(1 / x^2) of the steps.
struct Shifted {
  Value x, steps;
};
template <class F>
Shifted shifted(Mlx& mx, Value x, F&& step) {
  Value steps = step(x);
  for (int i = 1; i < 6; ++i) steps = mx("add", steps, step(mx("add", x, i)));
  return {mx("add", x, 6), steps};
}

Value digamma(Mlx& mx, Value x) {
  x = to_floating(mx, x);
  const Dtype dtype = mx.dtype(x);
  x = mx.cast(x, Dtype::float32);
  const Value reflects = mx("less", x, 0);
  const Value right = mx("where", reflects, mx("subtract", 1, x), x);
  const auto [far, steps] = shifted(mx, right, [&](Value y) { return mx("reciprocal", y); });
  static constexpr std::array series{-1.0 / 12, 1.0 / 120, -1.0 / 252, 1.0 / 240};
  const Value inverse = mx("reciprocal", far), square = mx("square", inverse);
  const Value even = mx("multiply", square, polynomial(mx, square, series));
  const Value tail = mx("subtract", even, mx("multiply", inverse, 0.5));
  Value y = mx("subtract", mx("add", mx("log", far), tail), steps);
  const Value part = fraction(mx, x);
  const Value cotangent = mx("divide", pi, mx("tan", mx("multiply", part, pi)));
  const Value left = mx("where", mx("equal", part, 0), nan, mx("subtract", y, cotangent));
  y = mx("where", reflects, left, y);
  // At 0 it is infinite with the sign that 0 does not have.
  return mx.cast(mx("where", mx("equal", x, 0), mx("negative", mx("reciprocal", x)), y), dtype);
}

Value trigamma(Mlx& mx, Value x) {
  const Dtype dtype = mx.dtype(x);
  x = mx.cast(x, Dtype::float32);
  const Value reflects = mx("less", x, 0.5);
  const Value right = mx("where", reflects, mx("subtract", 1, x), x);
  const auto [far, steps] = shifted(mx, right, [&](Value y) { return mx("reciprocal", mx("square", y)); });
  static constexpr std::array series{1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30};
  const Value inverse = mx("reciprocal", far), square = mx("square", inverse);
  const Value tail = mx("multiply", mx("multiply", square, inverse), polynomial(mx, square, series));
  const Value y = mx("add", mx("add", mx("add", inverse, mx("multiply", square, 0.5)), tail), steps);
  const Value sine = mx("divide", pi, mx("sin", mx("multiply", fraction(mx, x), pi)));
  return mx.cast(mx("where", reflects, mx("subtract", mx("square", sine), y), y), dtype);
}

Value polygamma(Mlx& mx, std::int64_t n, Value x) {
  x = to_floating(mx, x);
  if (n == 0) return digamma(mx, x);
  if (n == 1) return trigamma(mx, x);
  mx.refuse("derivatives of the logarithm of gamma beyond the second");
}

constexpr Lowering rows[] = {
    lower<floating<"arcsin">, "asin(Tensor self) -> Tensor">,
    lower<floating<"arccos">, "acos(Tensor self) -> Tensor">,
    lower<floating<"arctan">, "atan(Tensor self) -> Tensor">,
    lower<floating<"sinh">, "sinh(Tensor self) -> Tensor">,
    lower<floating<"cosh">, "cosh(Tensor self) -> Tensor">,
    lower<floating<"arcsinh">, "asinh(Tensor self) -> Tensor">,
    lower<floating<"arccosh">, "acosh(Tensor self) -> Tensor">,
    lower<floating<"arctanh">, "atanh(Tensor self) -> Tensor">,
    lower<floating<"log2">, "log2(Tensor self) -> Tensor">,
    lower<floating<"log10">, "log10(Tensor self) -> Tensor">,
    lower<floating<"erfinv">, "erfinv(Tensor self) -> Tensor">,
    lower<atan2, "atan2(Tensor self, Tensor other) -> Tensor">,
    lower<exp2, "exp2(Tensor self) -> Tensor">,
    lower<hypot, "hypot(Tensor self, Tensor other) -> Tensor">,
    lower<erfc, "erfc(Tensor self) -> Tensor">,
    lower<erfcx, "special_erfcx(Tensor self) -> Tensor">,
    lower<lgamma, "lgamma(Tensor self) -> Tensor">,
    lower<digamma, "digamma(Tensor self) -> Tensor">,
    lower<polygamma, "polygamma(int n, Tensor self) -> Tensor">,
};

}  // namespace

std::span<const Lowering> math_lowerings() { return rows; }

}  // namespace torch2mlx::ops
