// Random numbers: of PyTorch's distributions, drawn by MLX with a key that the model is given. They are computed in
// float32 and then get their type, as MLX itself does.
#include <cmath>

#include "ops/aten_families.h"
#include "ops/promotion.h"
#include "ops/rearrange.h"

namespace torch2mlx::ops {
namespace {

using Type = std::optional<Dtype>;

// The type's last number below `high`, which rounding must not reach.
double below(Dtype dtype, double high) {
  const int bits = dtype == Dtype::bfloat16 ? 8 : dtype == Dtype::float16 ? 11 : 24;
  if (high == 0) return -std::ldexp(1.0, -24);
  int exponent = 0;
  const double mantissa = std::frexp(high, &exponent);  // a power of two has half the distance below it
  return high - std::ldexp(1.0, exponent - bits - (mantissa == 0.5 ? 1 : 0));
}

// Of [low, high).
Value uniform_of(Mlx& mx, const Sizes& sizes, double low, double high) {
  const Dtype dtype = mx.declared_dtype();
  const Value drawn = mx("random.uniform", mx.key(), low, high, sizes);
  if (dtype != Dtype::float16 && dtype != Dtype::bfloat16) return drawn;
  return mx("minimum", mx.cast(drawn, dtype), below(dtype, high));
}
Value rand(Mlx& mx, Sizes sizes, Type) { return uniform_of(mx, sizes, 0, 1); }
Value rand_like(Mlx& mx, Value x, Type) { return uniform_of(mx, mx.dims(x), 0, 1); }
Value uniform(Mlx& mx, Value x, double low, double high) { return uniform_of(mx, mx.dims(x), low, high); }

// Standard normal numbers, scaled and moved.
Value normal_of(Mlx& mx, const Sizes& sizes, const Operand& mean, const Operand& std) {
  const auto is = [](const Operand& operand, double value) {
    return operand.scalar() && operand.scalar()->constant() == value;
  };
  Value x = mx("random.normal", mx.key(), sizes);
  if (!is(std, 1)) x = mx("multiply", x, std);
  return is(mean, 0) ? x : mx("add", x, mean);
}
Value randn(Mlx& mx, Sizes sizes, Type) { return normal_of(mx, sizes, Scalar(0.0), Scalar(1.0)); }
Value randn_like(Mlx& mx, Value x, Type) { return normal_of(mx, mx.dims(x), Scalar(0.0), Scalar(1.0)); }
Value normal_sizes(Mlx& mx, double mean, double std, Sizes sizes, Type) {
  return normal_of(mx, sizes, Scalar(mean), Scalar(std));
}
Value normal_like(Mlx& mx, Value x, double mean, double std) {
  return normal_of(mx, mx.dims(x), Scalar(mean), Scalar(std));
}
Value normal_of_means(Mlx& mx, Value mean, double std) { return normal_of(mx, mx.dims(mean), mean, Scalar(std)); }
Value normal_of_deviations(Mlx& mx, double mean, Value std) { return normal_of(mx, mx.dims(std), Scalar(mean), std); }
Value normal_of_both(Mlx& mx, Value mean, Value std) { return normal_of(mx, common_sizes(mx, {mean, std}), mean, std); }
Value log_normal(Mlx& mx, Value x, double mean, double std) { return mx("exp", normal_like(mx, x, mean, std)); }

// Of [low, high). MLX draws them as float32 numbers.
Value integers_of(Mlx& mx, const Sizes& sizes, const Size& low, const Size& high) {
  constexpr std::int64_t exact = 1 << 24;
  const auto from = low.constant(), to = high.constant();
  if (!from || !to) mx.refuse("random integers below a size that is not constant");
  if (*from < -exact || *to > exact) mx.refuse("random integers beyond 2^24, which MLX draws with gaps");
  return mx("random.randint", mx.key(), *from, *to, sizes);
}
Value randint(Mlx& mx, Size high, Sizes sizes, Type) { return integers_of(mx, sizes, 0, high); }
Value randint_from(Mlx& mx, Size low, Size high, Sizes sizes, Type) { return integers_of(mx, sizes, low, high); }
Value randint_like(Mlx& mx, Value x, Size high, Type) { return integers_of(mx, mx.dims(x), 0, high); }
Value randint_like_from(Mlx& mx, Value x, Size low, Size high, Type) { return integers_of(mx, mx.dims(x), low, high); }
Value random_to(Mlx& mx, Value x, std::int64_t high) { return integers_of(mx, mx.dims(x), 0, high); }

Value randperm(Mlx& mx, Size n, Type) { return mx("random.permutation", mx.key(), n); }

Value bernoulli(Mlx& mx, Value p) { return mx("random.bernoulli", p, mx.key(), mx.dims(p)); }
Value bernoulli_p(Mlx& mx, Value x, double p) { return mx("random.bernoulli", p, mx.key(), mx.dims(x)); }

// -log(1 - u) for u of [0, 1).
Value exponential(Mlx& mx, Value x, double lambda) {
  const Value drawn = mx("random.uniform", mx.key(), 0.0, 1.0, mx.dims(x));
  const Value scaled = mx("log1p", mx("negative", drawn));
  return lambda == 1 ? mx("negative", scaled) : mx("divide", scaled, -lambda);
}

// How many tries it takes: the inverse of 1 - (1 - p)^k.
Value geometric(Mlx& mx, Value x, double p) {
  const Value drawn = mx("random.uniform", mx.key(), 0.0, 1.0, mx.dims(x));
  const Value tries = mx("ceil", mx("divide", mx("log1p", mx("negative", drawn)), std::log1p(-p)));
  return mx("maximum", tries, 1.0);
}

Value cauchy(Mlx& mx, Value x, double median, double sigma) {
  const double half_turn = std::acos(-1.0);
  const Value drawn = mx("random.uniform", mx.key(), -0.5, 0.5, mx.dims(x));
  return mx("add", mx("multiply", mx("tan", mx("multiply", drawn, half_turn)), sigma), median);
}

// Without replacement: the largest of the logarithms with Gumbel noise.
Value multinomial(Mlx& mx, Value weights, std::int64_t count, bool replacement) {
  const Value logits = mx("log", mx.cast(weights, Dtype::float32));
  if (replacement || count == 1) return mx("random.categorical", logits, mx.key(), count);
  const Value noisy = mx("add", logits, mx("random.gumbel", mx.key(), mx.dims(weights)));
  const int axis = mx.rank(weights) - 1;
  return mx("slice", mx("argsort", mx("negative", noisy), axis), axis, std::nullopt, Size(count), std::nullopt);
}

#define TORCH2MLX_PLACE ", Layout? layout=None, Device? device=None, bool? pin_memory=None"
#define TORCH2MLX_NEW "*, ScalarType? dtype=None" TORCH2MLX_PLACE
#define TORCH2MLX_INTEGERS "*, ScalarType? dtype=4" TORCH2MLX_PLACE
#define TORCH2MLX_LIKE TORCH2MLX_NEW ", MemoryFormat? memory_format=None"

constexpr Lowering rows[] = {
    lower<rand, "rand(SymInt[] size, " TORCH2MLX_NEW ") -> Tensor">,
    lower<rand_like, "rand_like(Tensor self, " TORCH2MLX_LIKE ") -> Tensor">,
    lower<uniform, "uniform(Tensor self, float from=0.0, float to=1.0, *, Generator? generator=None) -> Tensor">,
    lower<randn, "randn(SymInt[] size, " TORCH2MLX_NEW ") -> Tensor">,
    lower<randn_like, "randn_like(Tensor self, " TORCH2MLX_LIKE ") -> Tensor">,
    lower<normal_like,
          "normal_functional(Tensor self, float mean=0.0, float std=1.0, *, Generator? generator=None) -> Tensor">,
    lower<normal_sizes,
          "normal.float_float(float mean, float std, SymInt[] size, *, Generator? generator=None, ScalarType? "
          "dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor">,
    lower<normal_of_means, "normal.Tensor_float(Tensor mean, float std=1.0, *, Generator? generator=None) -> Tensor">,
    lower<normal_of_deviations, "normal.float_Tensor(float mean, Tensor std, *, Generator? generator=None) -> Tensor">,
    lower<normal_of_both, "normal.Tensor_Tensor(Tensor mean, Tensor std, *, Generator? generator=None) -> Tensor">,
    lower<log_normal, "log_normal(Tensor self, float mean=1.0, float std=2.0, *, Generator? generator=None) -> Tensor">,
    lower<randint, "randint(SymInt high, SymInt[] size, " TORCH2MLX_INTEGERS ") -> Tensor">,
    lower<randint_from, "randint.low(SymInt low, SymInt high, SymInt[] size, " TORCH2MLX_INTEGERS ") -> Tensor">,
    lower<randint_like, "randint_like(Tensor self, SymInt high, " TORCH2MLX_LIKE ") -> Tensor">,
    lower<randint_like_from,
          "randint_like.low_dtype(Tensor self, SymInt low, SymInt high, " TORCH2MLX_LIKE ") -> Tensor">,
    lower<random_to, "random.to(Tensor self, int to, *, Generator? generator=None) -> Tensor">,
    lower<randperm, "randperm(SymInt n, " TORCH2MLX_INTEGERS ") -> Tensor">,
    lower<bernoulli, "bernoulli(Tensor self, *, Generator? generator=None) -> Tensor">,
    lower<bernoulli_p, "bernoulli.p(Tensor self, float p, *, Generator? generator=None) -> Tensor">,
    lower<exponential, "exponential(Tensor self, float lambd=1.0, *, Generator? generator=None) -> Tensor">,
    lower<geometric, "geometric(Tensor self, float p, *, Generator? generator=None) -> Tensor">,
    lower<cauchy, "cauchy(Tensor self, float median=0.0, float sigma=1.0, *, Generator? generator=None) -> Tensor">,
    lower<multinomial,
          "multinomial(Tensor self, SymInt num_samples, bool replacement=False, *, Generator? generator=None) -> "
          "Tensor">,
};

#undef TORCH2MLX_PLACE
#undef TORCH2MLX_NEW
#undef TORCH2MLX_INTEGERS
#undef TORCH2MLX_LIKE

}  // namespace

std::span<const Lowering> random_lowerings() { return rows; }

}  // namespace torch2mlx::ops
