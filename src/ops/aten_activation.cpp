// Activation functions, and remainders.
#include "ops/aten_families.h"
#include "ops/promotion.h"

namespace torch2mlx::ops {
namespace {

Value at_most(Mlx& mx, Value x, Scalar high) { return mx("minimum", x, high); }
Value at_least(Mlx& mx, Value x, Scalar low) { return mx("maximum", x, low); }

// log(1 + exp(beta x)) / beta; torch gives x itself where beta x is beyond the threshold.
Value softplus(Mlx& mx, Value x, Scalar beta, Scalar threshold) {
  const Value scaled = beta.constant() == 1.0 ? x : mx("multiply", x, beta);
  Value y = mx("logaddexp", scaled, 0);
  if (beta.constant() != 1.0) y = mx("divide", y, beta);
  return mx("where", mx("greater", scaled, threshold), x, y);
}

Value elu(Mlx& mx, Value x, Scalar alpha, Scalar scale, Scalar input_scale) {
  if (input_scale.constant() != 1.0) mx.refuse("an input scale other than 1");
  Value below = mx("expm1", x);
  if (alpha.constant() != 1.0) below = mx("multiply", below, alpha);
  const Value y = mx("where", mx("greater", x, 0), x, below);
  return scale.constant() == 1.0 ? y : mx("multiply", y, scale);
}

Value hard_sigmoid(Mlx& mx, Value x) { return mx("divide", at_most(mx, at_least(mx, mx("add", x, 3), 0), 6), 6); }

Value hard_swish(Mlx& mx, Value x) { return mx("multiply", x, hard_sigmoid(mx, x)); }

Value mish(Mlx& mx, Value x) { return mx("multiply", x, mx("tanh", mx("logaddexp", x, 0))); }

Value log_sigmoid(Mlx& mx, Value x) { return mx("negative", mx("logaddexp", mx("negative", x), 0)); }

Value glu(Mlx& mx, Value x, std::int64_t dim) {
  const int axis = mx.axis(x, dim);
  const auto size = mx.shape(x).at(axis).constant();
  if (!size) mx.refuse("halving an axis whose size is not constant");
  const auto halves = mx.several("split", x, std::vector<std::int64_t>{*size / 2}, axis);
  return mx("multiply", halves.at(0), mx("sigmoid", halves.at(1)));
}

// The slope is drawn while training; in eval mode it is the mean of what it is drawn from.
std::pair<Value, Value> rrelu(Mlx& mx, Value x, Value noise, Scalar lower, Scalar upper, bool training) {
  if (training) mx.refuse("rrelu is training; call model.eval() first");
  const auto least = lower.constant(), most = upper.constant();
  if (!least || !most) mx.refuse("slopes that are sizes");
  return {mx("where", mx("greater", x, 0), x, mx("multiply", x, (*least + *most) / 2)), noise};
}

// One slope, or one a channel (axis 1).
Value prelu(Mlx& mx, Value x, Value slope) {
  if (mx.rank(slope) == 1 && mx.rank(x) > 2) {
    Sizes sizes{mx.dim(slope, 0)};
    sizes.resize(mx.rank(x) - 1, 1);
    slope = mx("reshape", slope, sizes);
  }
  if (mx.rank(x) == 0) slope = mx("reshape", slope, Sizes{});
  return mx("where", mx("greater", x, 0), x, mx("multiply", slope, x));
}

// Python's sign rule, as MLX has it: the remainder has the divisor's sign.
Value remainder(Mlx& mx, Operand a, Operand b) {
  promote(mx, a, b);
  return mx("remainder", a, b);
}

// C's: it has the dividend's sign.
Value fmod(Mlx& mx, Operand a, Operand b) {
  promote(mx, a, b);
  const Value size = mx("remainder", magnitude(mx, a), magnitude(mx, b));
  return mx("where", mx("less", a, 0), mx("negative", size), size);
}

template <detail::Text name>
Value floating(Mlx& mx, Value x) {
  return mx.unchecked(name.view(), to_floating(mx, x));
}

Value round(Mlx& mx, Value x) { return is_floating(mx.dtype(x)) ? mx("round", x) : x; }

// As torch, from the scaled number, whose last digit may decide a tie otherwise than the decimal would.
Value round_decimals(Mlx& mx, Value x, std::int64_t decimals) {
  if (decimals == 0 || !is_floating(mx.dtype(x))) return round(mx, x);
  const double scale = std::pow(10.0, static_cast<double>(std::abs(decimals)));
  if (decimals > 0) return mx("divide", mx("round", mx("multiply", x, scale)), scale);
  return mx("multiply", mx("round", mx("divide", x, scale)), scale);
}

Value trunc(Mlx& mx, Value x) {
  if (!is_floating(mx.dtype(x))) return x;
  const Value up = mx("ceil", x), down = mx("floor", x);
  return mx("where", mx("less", x, 0), up, down);
}

Value clamp_min(Mlx& mx, Value x, Scalar low) { return at_least(mx, mx.cast(x, mx.declared_dtype()), low); }
Value clamp_max(Mlx& mx, Value x, Scalar high) { return at_most(mx, mx.cast(x, mx.declared_dtype()), high); }

// nan of either side spreads in both libraries; where the bounds cross, the upper one holds.
Value clamp_tensor(Mlx& mx, Value x, OptValue low, OptValue high) {
  const Dtype dtype = mx.declared_dtype();
  x = mx.cast(x, dtype);
  if (low) x = mx("maximum", x, mx.cast(*low, dtype));
  return high ? mx("minimum", x, mx.cast(*high, dtype)) : x;
}

Value sign(Mlx& mx, Value x) { return mx.dtype(x) == Dtype::boolean ? x : mx("sign", x); }
Value is_nan(Mlx& mx, Value x) { return mx("isnan", x); }
Value is_inf(Mlx& mx, Value x) { return mx("isinf", x); }
Value is_finite(Mlx& mx, Value x) { return mx("isfinite", x); }

constexpr Lowering rows[] = {
    lower<softplus, "softplus(Tensor self, Scalar beta=1, Scalar threshold=20) -> Tensor">,
    lower<elu, "elu(Tensor self, Scalar alpha=1, Scalar scale=1, Scalar input_scale=1) -> Tensor">,
    lower<hard_sigmoid, "hardsigmoid(Tensor self) -> Tensor">,
    lower<hard_swish, "hardswish(Tensor self) -> Tensor">,
    lower<mish, "mish(Tensor self) -> Tensor">,
    lower<log_sigmoid, "log_sigmoid(Tensor self) -> Tensor">,
    lower<glu, "glu(Tensor self, int dim=-1) -> Tensor">,
    lower<prelu, "prelu(Tensor self, Tensor weight) -> Tensor">,
    lower<rrelu,
          "rrelu_with_noise_functional(Tensor self, Tensor noise, Scalar lower=0.125, Scalar upper=0.3333333333333333, "
          "bool training=False, Generator? generator=None) -> (Tensor, Tensor noise_out)">,
    lower<remainder, "remainder.Tensor(Tensor self, Tensor other) -> Tensor">,
    lower<[](Mlx& mx, Operand a, Scalar b) { return remainder(mx, a, b); },
          "remainder.Scalar(Tensor self, Scalar other) -> Tensor">,
    lower<[](Mlx& mx, Scalar a, Operand b) { return remainder(mx, a, b); },
          "remainder.Scalar_Tensor(Scalar self, Tensor other) -> Tensor">,
    lower<fmod, "fmod.Tensor(Tensor self, Tensor other) -> Tensor">,
    lower<[](Mlx& mx, Operand a, Scalar b) { return fmod(mx, a, b); },
          "fmod.Scalar(Tensor self, Scalar other) -> Tensor">,
    lower<floating<"log1p">, "log1p(Tensor self) -> Tensor">,
    lower<floating<"expm1">, "expm1(Tensor self) -> Tensor">,
    lower<floating<"tan">, "tan(Tensor self) -> Tensor">,
    lower<round, "round(Tensor self) -> Tensor">,
    lower<round_decimals, "round.decimals(Tensor self, *, int decimals) -> Tensor">,
    lower<trunc, "trunc(Tensor self) -> Tensor">,
    lower<clamp_min, "clamp_min(Tensor self, Scalar min) -> Tensor">,
    lower<clamp_max, "clamp_max(Tensor self, Scalar max) -> Tensor">,
    lower<clamp_tensor, "clamp.Tensor(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor">,
    lower<[](Mlx& mx, Value x, Value low) { return clamp_tensor(mx, x, low, {}); },
          "clamp_min.Tensor(Tensor self, Tensor min) -> Tensor">,
    lower<[](Mlx& mx, Value x, Value high) { return clamp_tensor(mx, x, {}, high); },
          "clamp_max.Tensor(Tensor self, Tensor max) -> Tensor">,
    lower<sign, "sign(Tensor self) -> Tensor">,
    lower<is_nan, "isnan(Tensor self) -> Tensor">,
    lower<is_inf, "isinf(Tensor self) -> Tensor">,
    lower<is_finite, "isfinite(Tensor self) -> Tensor">,
};

}  // namespace

std::span<const Lowering> activation_lowerings() { return rows; }

}  // namespace torch2mlx::ops
