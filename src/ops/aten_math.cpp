// Functions of analysis: trigonometry, logarithms, the gamma and error functions.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "ops/aten_families.h"
#include "ops/polynomial.h"
#include "ops/promotion.h"
#include "ops/rearrange.h"

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

// Sums and products that are numbers as long as their operands are.
Operand plus(Mlx& mx, const Operand& a, double b) {
  if (a.scalar()) return Scalar(*a.scalar()->constant() + b);
  return mx("add", a, b);
}
Operand times(Mlx& mx, const Operand& a, const Operand& b) {
  if (a.scalar() && b.scalar()) return Scalar(*a.scalar()->constant() * *b.scalar()->constant());
  return mx("multiply", a, b);
}

// Sum of (q + k)^-s over k >= 0, for q > 0: ten terms, and the rest by Euler and Maclaurin.
Value zeta_right(Mlx& mx, const Operand& s, Value q) {
  constexpr int count = 10;
  // B(2k) / (2k)! of k = 1 to 5, each over the one before it.
  static constexpr std::array ratios{1.0 / 12, -1.0 / 60, -1.0 / 42, -1.0 / 40, -5.0 / 198};
  const int last = std::max(mx.rank(q), s.value() ? mx.rank(*s.value()) : 0);
  const auto wide = [&](Value x) { return mx.rank(x) == 0 ? x : expanded(mx, x, mx.rank(x)); };
  const Operand exponent = times(mx, s, Scalar(-1.0));
  const Operand exponents = exponent.value() ? Operand(wide(*exponent.value())) : exponent;
  const Value terms = mx("power", mx("add", wide(q), counting(mx, count, 0, 1)), exponents);
  const Value first = mx("sum", terms, std::vector<int>{last}, std::nullopt);
  // Beyond 50 the rest does not count, but its powers would overflow.
  constexpr double large = 50;
  const Operand t = s.scalar() ? Operand(Scalar(std::min(*s.scalar()->constant(), large))) : mx("minimum", s, large);
  const Value far = mx("add", q, count), square = mx("reciprocal", mx("square", far));
  std::optional<Value> series;
  for (int k = 4; k > 0; --k) {
    const Operand rising = times(mx, plus(mx, t, 2 * k - 1), plus(mx, t, 2 * k));
    const Value factor = mx("multiply", square, times(mx, rising, Scalar(ratios[k])));
    series = mx("add", series ? mx("multiply", factor, *series) : factor, 1);
  }
  const Value correction = mx("divide", times(mx, t, Scalar(ratios[0])), far);
  const Value rest = mx("add", mx("divide", far, plus(mx, t, -1)), mx("add", mx("multiply", correction, *series), 0.5));
  return mx("add", first, mx("multiply", mx("power", far, exponent), rest));
}

// Hurwitz' zeta function. Below 0 s must be whole, as terms are negative there: those are the terms of |q| downwards.
Value zeta(Mlx& mx, const Operand& s, Value q, const Operand& sign) {
  const Value size = mx("abs", q), whole = mx("floor", size), part = mx("subtract", size, whole);
  const Value below = mx("less", q, 0);
  const Value right = zeta_right(mx, s, mx("where", below, mx("subtract", 1, part), q));
  const Value left = mx("subtract", zeta_right(mx, s, part), zeta_right(mx, s, mx("add", size, 1)));
  const Value sum = mx("where", below, mx("add", right, mx("multiply", left, sign)), right);
  const Value pole = mx("logical_and", mx("less_equal", q, 0), mx("equal", q, mx("floor", q)));
  return mx("where", pole, infinity, sum);
}
Value special_zeta(Mlx& mx, Value s, Value q) {
  const Value odd = mx("remainder", s, 2);
  const Value whole = mx("equal", s, mx("floor", s));
  const Value sign = mx("where", whole, mx("subtract", 1, mx("multiply", odd, 2)), nan);
  return mx("where", mx("less", s, 1), nan, mx("where", mx("equal", s, 1), infinity, zeta(mx, s, q, sign)));
}

Value polygamma(Mlx& mx, std::int64_t n, Value x) {
  x = to_floating(mx, x);
  if (n == 0) return digamma(mx, x);
  if (n == 1) return trigamma(mx, x);
  const double order = static_cast<double>(n), sign = n % 2 == 0 ? -1 : 1;
  const Value sum = zeta(mx, Scalar(order + 1), mx.cast(x, Dtype::float32), Scalar(sign));
  return mx("multiply", sum, sign * std::tgamma(order + 1));
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
    lower<[](Mlx& mx, Value s, Value q) {
      const auto wide = [&](Value x) { return mx.cast(x, Dtype::float32); };
      return special_zeta(mx, wide(s), wide(q));
    },
          "special_zeta(Tensor self, Tensor other) -> Tensor">,
};

}  // namespace

std::span<const Lowering> math_lowerings() { return rows; }

}  // namespace torch2mlx::ops
