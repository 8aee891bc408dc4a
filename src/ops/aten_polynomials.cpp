// Orthogonal polynomials: Chebyshev's in closed form, others by recurrence.
#include "ops/aten_families.h"
#include "ops/promotion.h"

namespace torch2mlx::ops {
namespace {

// Chebyshev's polynomials of |x| = cos(angle), beyond 1 cosh(angle); those of -|x| follow by symmetry.
struct Chebyshev {
  Mlx& mx;
  Value n, inside, angle;

  Value even(Value x) const { return mx("where", inside, mx("cos", x), mx("cosh", x)); }
  Value odd(Value x) const { return mx("where", inside, mx("sin", x), mx("sinh", x)); }
  Value times_angle(double more) const { return mx("multiply", more == 0 ? n : mx("add", n, more), angle); }
  // odd((n + more) angle) / odd(part angle), which is (n + more) / part where the angle is 0.
  Value ratio(double more, double part) const {
    const auto scaled = [&](Value x, double by) { return by == 1 ? x : mx("multiply", x, by); };
    const Value limit = scaled(mx("add", n, more), 1 / part), divisor = odd(scaled(angle, part));
    return mx("where", mx("equal", angle, 0), limit, mx("divide", odd(times_angle(more)), divisor));
  }
  Value first() const { return even(times_angle(0)); }
  Value second() const { return ratio(1, 1); }
  Value third() const { return mx("divide", even(times_angle(0.5)), even(mx("multiply", angle, 0.5))); }
  Value fourth() const { return ratio(0.5, 0.5); }
};

template <auto right, auto left, bool shifted>
Value chebyshev(Mlx& mx, Value x, Value order) {
  x = mx.cast(x, Dtype::float32);
  if (shifted) x = mx("subtract", mx("multiply", x, 2), 1);
  order = mx.cast(order, Dtype::float32);
  const Value n = mx("where", mx("less", order, 0), mx("ceil", order), mx("floor", order));
  const Value size = mx("abs", x), inside = mx("less", size, 1);
  const Value angle = mx("where", inside, mx("arccos", size), mx("arccosh", size));
  const Chebyshev polynomials{mx, n, inside, angle};
  const Value sign = mx("subtract", 1, mx("multiply", mx("remainder", n, 2), 2));
  const Value above = (polynomials.*right)(), below = left == right ? above : (polynomials.*left)();
  const Value y = mx("where", mx("less", x, 0), mx("multiply", sign, below), above);
  return mx("where", mx("less", n, 0), 0, mx("where", mx("equal", n, 0), 1, y));
}
template <bool shifted>
constexpr auto chebyshev_t = chebyshev<&Chebyshev::first, &Chebyshev::first, shifted>;
template <bool shifted>
constexpr auto chebyshev_u = chebyshev<&Chebyshev::second, &Chebyshev::second, shifted>;
template <bool shifted>
constexpr auto chebyshev_v = chebyshev<&Chebyshev::third, &Chebyshev::fourth, shifted>;
template <bool shifted>
constexpr auto chebyshev_w = chebyshev<&Chebyshev::fourth, &Chebyshev::third, shifted>;

// Polynomials by recurrence: P(k + 1) = ((a x + b) P(k) - c P(k - 1)) / d, each of these linear in k.
struct Family {
  struct Linear {
    double constant, slope;
    double at(std::int64_t k) const { return constant + slope * static_cast<double>(k); }
  };
  Linear first;  // P(1) = constant + slope x, P(0) = 1
  Linear a, b, c, d;
};
constexpr Family chebyshev_t_family{{0, 1}, {2, 0}, {0, 0}, {1, 0}, {1, 0}};
constexpr Family chebyshev_u_family{{0, 2}, {2, 0}, {0, 0}, {1, 0}, {1, 0}};
constexpr Family chebyshev_v_family{{-1, 2}, {2, 0}, {0, 0}, {1, 0}, {1, 0}};
constexpr Family chebyshev_w_family{{1, 2}, {2, 0}, {0, 0}, {1, 0}, {1, 0}};
constexpr Family hermite_h{{0, 2}, {2, 0}, {0, 0}, {0, 2}, {1, 0}};
constexpr Family hermite_he{{0, 1}, {1, 0}, {0, 0}, {0, 1}, {1, 0}};
constexpr Family laguerre{{1, -1}, {-1, 0}, {1, 2}, {0, 1}, {1, 1}};
constexpr Family legendre{{0, 1}, {1, 2}, {0, 0}, {0, 1}, {1, 1}};

template <const Family& family, bool shifted>
Value of_order(Mlx& mx, Value x, Scalar order) {
  constexpr double largest = 30;  // each order is a line of the source
  const auto n = order.constant();
  if (!n || *n > largest) mx.refuse("a polynomial whose order is no number up to 30");
  x = mx.cast(to_floating(mx, x), Dtype::float32);
  if (*n < 1) return mx("full", mx.dims(x), *n > -1 ? 1 : 0, Dtype::float32);
  const auto scaled = [&](Value y, double by) { return by == 1 ? y : mx("multiply", y, by); };
  const auto moved = [&](Value y, double by) { return by == 0 ? y : mx("add", y, by); };
  if (shifted) x = moved(scaled(x, 2), -1);
  std::optional<Value> before;  // absent: 1
  Value p = moved(scaled(x, family.first.slope), family.first.constant);
  for (std::int64_t k = 1; k + 1 <= static_cast<std::int64_t>(*n); ++k) {
    const Value grown = mx("multiply", moved(scaled(x, family.a.at(k)), family.b.at(k)), p);
    const double c = family.c.at(k);
    const Value next = before ? mx("subtract", grown, scaled(*before, c)) : mx("subtract", grown, c);
    before = p;
    p = scaled(next, 1 / family.d.at(k));
  }
  return p;
}

constexpr Lowering rows[] = {
    lower<of_order<chebyshev_t_family, false>, "special_chebyshev_polynomial_t.n_scalar(Tensor x, Scalar n) -> Tensor">,
    lower<of_order<chebyshev_u_family, false>, "special_chebyshev_polynomial_u.n_scalar(Tensor x, Scalar n) -> Tensor">,
    lower<of_order<chebyshev_v_family, false>, "special_chebyshev_polynomial_v.n_scalar(Tensor x, Scalar n) -> Tensor">,
    lower<of_order<chebyshev_w_family, false>, "special_chebyshev_polynomial_w.n_scalar(Tensor x, Scalar n) -> Tensor">,
    lower<of_order<chebyshev_t_family, true>,
          "special_shifted_chebyshev_polynomial_t.n_scalar(Tensor x, Scalar n) -> Tensor">,
    lower<of_order<chebyshev_u_family, true>,
          "special_shifted_chebyshev_polynomial_u.n_scalar(Tensor x, Scalar n) -> Tensor">,
    lower<of_order<chebyshev_v_family, true>,
          "special_shifted_chebyshev_polynomial_v.n_scalar(Tensor x, Scalar n) -> Tensor">,
    lower<of_order<chebyshev_w_family, true>,
          "special_shifted_chebyshev_polynomial_w.n_scalar(Tensor x, Scalar n) -> Tensor">,
    lower<of_order<hermite_h, false>, "special_hermite_polynomial_h.n_scalar(Tensor x, Scalar n) -> Tensor">,
    lower<of_order<hermite_he, false>, "special_hermite_polynomial_he.n_scalar(Tensor x, Scalar n) -> Tensor">,
    lower<of_order<laguerre, false>, "special_laguerre_polynomial_l.n_scalar(Tensor x, Scalar n) -> Tensor">,
    lower<of_order<legendre, false>, "special_legendre_polynomial_p.n_scalar(Tensor x, Scalar n) -> Tensor">,
    lower<chebyshev_t<false>, "special_chebyshev_polynomial_t(Tensor x, Tensor n) -> Tensor">,
    lower<chebyshev_u<false>, "special_chebyshev_polynomial_u(Tensor x, Tensor n) -> Tensor">,
    lower<chebyshev_v<false>, "special_chebyshev_polynomial_v(Tensor x, Tensor n) -> Tensor">,
    lower<chebyshev_w<false>, "special_chebyshev_polynomial_w(Tensor x, Tensor n) -> Tensor">,
    lower<chebyshev_t<true>, "special_shifted_chebyshev_polynomial_t(Tensor x, Tensor n) -> Tensor">,
    lower<chebyshev_u<true>, "special_shifted_chebyshev_polynomial_u(Tensor x, Tensor n) -> Tensor">,
    lower<chebyshev_v<true>, "special_shifted_chebyshev_polynomial_v(Tensor x, Tensor n) -> Tensor">,
    lower<chebyshev_w<true>, "special_shifted_chebyshev_polynomial_w(Tensor x, Tensor n) -> Tensor">,
};

}  // namespace

std::span<const Lowering> polynomial_lowerings() { return rows; }

}  // namespace torch2mlx::ops
