// Arithmetic and functions of one or two tensors, element by element.
#include <fmt/format.h>

#include <algorithm>
#include <numbers>

#include "ops/aten_families.h"
#include "ops/promotion.h"

namespace torch2mlx::ops {
namespace {

// A function of one array that torch computes in floating point: integers are converted first.
template <detail::Text name>
Value unary(Mlx& mx, Value x) {
  return mx.unchecked(name.view(), to_floating(mx, x));
}

// One that keeps the dtype.
template <detail::Text name>
Value same(Mlx& mx, Value x) {
  return mx.unchecked(name.view(), x);
}

template <detail::Text name>
Value binary(Mlx& mx, Operand a, Operand b) {
  promote(mx, a, b);
  return mx.unchecked(name.view(), a, b);
}

// x times alpha, of the dtype that x was promoted to.
Operand scaled(Mlx& mx, const Operand& x, const Scalar& alpha) {
  if (alpha.constant() == 1.0) return x;
  if (const auto* value = x.value()) {
    if (mx.dtype(*value) != Dtype::boolean) return Value(mx("multiply", *value, alpha));
    return Value(mx("logical_and", *value, stored_as(alpha, Dtype::boolean)));
  }
  const auto* a = std::get_if<std::int64_t>(x.scalar());
  const auto* b = std::get_if<std::int64_t>(&alpha);
  if (a && b) return Scalar(*a * *b);
  if (!x.scalar()->constant() || !alpha.constant()) mx.refuse("alpha times a size that is not constant");
  return Scalar(*x.scalar()->constant() * *alpha.constant());
}

Value add(Mlx& mx, Operand a, Operand b, Scalar alpha) {
  promote(mx, a, b);
  b = scaled(mx, b, alpha);
  // torch adds booleans as logical or.
  if (mx.declared_dtype() == Dtype::boolean) return mx("logical_or", a, b);
  return mx("add", a, b);
}

Value sub(Mlx& mx, Operand a, Operand b, Scalar alpha) {
  promote(mx, a, b);
  return mx("subtract", a, scaled(mx, b, alpha));
}

Value rsub(Mlx& mx, Operand a, Operand b, Scalar alpha) { return sub(mx, b, a, alpha); }

Value mul(Mlx& mx, Operand a, Operand b) {
  promote(mx, a, b);
  if (mx.declared_dtype() == Dtype::boolean) return mx("logical_and", a, b);
  return mx("multiply", a, b);
}

Value div(Mlx& mx, Operand a, Operand b) {
  promote(mx, a, b, mx.declared_dtype());
  return mx("divide", a, b);
}

Value truncated(Mlx& mx, Value x) { return mx("where", mx("less", x, 0), mx("ceil", x), mx("floor", x)); }

// MLX divides integers towards minus infinity.
Value divide_integers(Mlx& mx, Operand a, Operand b, bool towards_zero) {
  const Value q = mx("floor_divide", a, b);
  if (!towards_zero) return q;
  const Value inexact = mx("not_equal", mx("multiply", q, b), a);
  return mx("add", q, mx("logical_and", mx("less", q, 0), inexact));
}

// As torch: from the exact remainder, since a / b may round up to a whole number; nan where a is infinite.
Value floor_divide_floats(Mlx& mx, Operand a, Operand b) {
  const Operand size = magnitude(mx, a), divisor = magnitude(mx, b);
  const Value rest = mx("remainder", size, divisor);
  const Value q = mx("round", mx("divide", mx("subtract", size, rest), divisor));
  const auto* fixed = b.scalar();
  const Value negative = mx("less", a, 0);
  const Value opposite =
      fixed && fixed->constant().value_or(-1) > 0 ? negative : mx("not_equal", negative, mx("less", b, 0));
  const Value below = mx("negative", mx("add", q, mx("not_equal", rest, 0)));
  const Value y = mx("where", opposite, below, q);
  if (const auto* number = b.scalar(); number && number->constant() && *number->constant() != 0) return y;
  return mx("where", mx("equal", b, 0), mx("divide", a, b), y);
}

bool is_single(Mlx& mx, const Operand& x) {
  return !x.value() || std::ranges::all_of(mx.shape(*x.value()), [](const Dim& size) { return size == Dim(1); });
}

Value div_mode(Mlx& mx, Operand a, Operand b, std::optional<std::string> rounding) {
  if (!rounding) return div(mx, a, b);
  const bool towards_zero = *rounding == "trunc";
  promote(mx, a, b);
  if (!is_floating(mx.declared_dtype())) return divide_integers(mx, a, b, towards_zero);
  // torch cuts quotients off after it has rounded them to the result's dtype, but for those by a single number.
  if (towards_zero && !is_single(mx, b)) return truncated(mx, mx("divide", a, b));
  promote(mx, a, b, Dtype::float32);
  return towards_zero ? truncated(mx, mx("divide", a, b)) : floor_divide_floats(mx, a, b);
}

// Downwards from 1 / a, of which integers keep 1 and -1 alone; MLX gives 0 for these too.
Value power_integers(Mlx& mx, const Operand& a, const Operand& b) {
  if (const auto* number = b.scalar(); number && number->constant().value_or(-1) >= 0) return mx("power", a, b);
  const Value y = mx("power", a, magnitude(mx, b));
  const Value vanishes = mx("logical_and", mx("less", b, 0), mx("not_equal", magnitude(mx, a), 1));
  return mx("where", vanishes, 0, y);
}

Value power(Mlx& mx, Operand a, Operand b) {
  promote(mx, a, b);
  if (row(mx.declared_dtype()).kind == DtypeKind::integer) return power_integers(mx, a, b);
  const auto* scalar = b.scalar();
  if (!scalar || !is_floating(mx.declared_dtype())) return mx("power", a, b);
  if (scalar->constant() == 2.0) return mx("square", a);
  // torch takes the root, whose value at -inf is nan.
  if (scalar->constant() == 0.5) return mx("sqrt", a);
  return mx("power", a, b);
}

Value relu(Mlx& mx, Value x) { return mx("relu", x); }

Value gelu(Mlx& mx, Value x, std::string approximate) {
  return approximate == "tanh" ? mx("gelu_approx", x) : mx("gelu", x);
}

Value silu(Mlx& mx, Value x) { return mx("silu", x); }

Value clamp(Mlx& mx, Value x, std::optional<Scalar> low, std::optional<Scalar> high) {
  x = mx.cast(x, mx.declared_dtype());
  if (low) x = mx("maximum", x, *low);
  return high ? mx("minimum", x, *high) : x;
}

Value hardtanh(Mlx& mx, Value x, Scalar low, Scalar high) { return clamp(mx, x, low, high); }

Value leaky_relu(Mlx& mx, Value x, Scalar slope) {
  return mx("where", mx("greater", x, 0), x, mx("multiply", x, slope));
}

constexpr Lowering rows[] = {
    lower<add, "add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor">,
    lower<[](Mlx& mx, Operand a, Scalar b, Scalar alpha) { return add(mx, a, b, alpha); },
          "add.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor">,
    lower<sub, "sub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor">,
    lower<[](Mlx& mx, Operand a, Scalar b, Scalar alpha) { return sub(mx, a, b, alpha); },
          "sub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor">,
    lower<[](Mlx& mx, Operand a, Scalar b, Scalar alpha) { return rsub(mx, a, b, alpha); },
          "rsub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor">,
    lower<mul, "mul.Tensor(Tensor self, Tensor other) -> Tensor">,
    lower<[](Mlx& mx, Operand a, Scalar b) { return mul(mx, a, b); },
          "mul.Scalar(Tensor self, Scalar other) -> Tensor">,
    lower<div, "div.Tensor(Tensor self, Tensor other) -> Tensor">,
    lower<[](Mlx& mx, Operand a, Scalar b) { return div(mx, a, b); },
          "div.Scalar(Tensor self, Scalar other) -> Tensor">,
    lower<div_mode, "div.Tensor_mode(Tensor self, Tensor other, *, str? rounding_mode) -> Tensor">,
    lower<power, "pow.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor">,
    lower<[](Mlx& mx, Operand a, Scalar b) { return power(mx, a, b); },
          "pow.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor">,
    lower<[](Mlx& mx, Scalar a, Operand b) { return power(mx, a, b); },
          "pow.Scalar(Scalar self, Tensor exponent) -> Tensor">,
    lower<[](Mlx& mx, Operand a, Scalar b, std::optional<std::string> mode) { return div_mode(mx, a, b, mode); },
          "div.Scalar_mode(Tensor self, Scalar other, *, str? rounding_mode) -> Tensor">,
    lower<binary<"maximum">, "maximum(Tensor self, Tensor other) -> Tensor">,
    lower<binary<"minimum">, "minimum(Tensor self, Tensor other) -> Tensor">,
    lower<binary<"maximum">, "max.other(Tensor self, Tensor other) -> Tensor">,
    lower<binary<"minimum">, "min.other(Tensor self, Tensor other) -> Tensor">,
    lower<same<"negative">, "neg(Tensor self) -> Tensor">,
    lower<same<"abs">, "abs(Tensor self) -> Tensor">,
    lower<unary<"exp">, "exp(Tensor self) -> Tensor">,
    lower<unary<"log">, "log(Tensor self) -> Tensor">,
    lower<unary<"sqrt">, "sqrt(Tensor self) -> Tensor">,
    lower<unary<"rsqrt">, "rsqrt(Tensor self) -> Tensor">,
    lower<unary<"reciprocal">, "reciprocal(Tensor self) -> Tensor">,
    lower<unary<"sin">, "sin(Tensor self) -> Tensor">,
    lower<unary<"cos">, "cos(Tensor self) -> Tensor">,
    lower<unary<"tanh">, "tanh(Tensor self) -> Tensor">,
    lower<unary<"sigmoid">, "sigmoid(Tensor self) -> Tensor">,
    lower<unary<"erf">, "erf(Tensor self) -> Tensor">,
    lower<same<"floor">, "floor(Tensor self) -> Tensor">,
    lower<same<"ceil">, "ceil(Tensor self) -> Tensor">,
    lower<relu, "relu(Tensor self) -> Tensor">,
    lower<gelu, "gelu(Tensor self, *, str approximate='none') -> Tensor">,
    lower<silu, "silu(Tensor self) -> Tensor">,
    lower<clamp, "clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor">,
    lower<hardtanh, "hardtanh(Tensor self, Scalar min_val=-1, Scalar max_val=1) -> Tensor">,
    lower<leaky_relu, "leaky_relu(Tensor self, Scalar negative_slope=0.01) -> Tensor">,
};

}  // namespace

std::span<const Lowering> elementwise_lowerings() { return rows; }

}  // namespace torch2mlx::ops
