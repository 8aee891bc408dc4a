// Complex numbers.
#include <numbers>

#include "ops/aten_families.h"
#include "ops/promotion.h"
#include "ops/rearrange.h"

namespace torch2mlx::ops {
namespace {

bool is_complex(Mlx& mx, Value x) { return mx.dtype(x) == Dtype::complex64; }
Value identity(Mlx&, Value x) { return x; }

// Pairs in the last axis, as they lie in memory.
Value view_as_real(Mlx& mx, Value x) {
  return mx("stack", std::vector<Value>{mx("real", x), mx("imag", x)}, mx.rank(x));
}
Value view_as_complex(Mlx& mx, Value x) {
  if (mx.dtype(x) != Dtype::float32) mx.refuse("MLX has complex numbers of two float32 alone");
  return mx("squeeze", mx("view", x, Dtype::complex64), mx.rank(x) - 1);
}
// Arithmetic with 1j would make nan of infinite parts.
Value complex(Mlx& mx, Value real, Value imag) {
  const Sizes sizes = common_sizes(mx, {real, imag});
  const std::vector<Value> parts{broadcast(mx, real, sizes), broadcast(mx, imag, sizes)};
  return view_as_complex(mx, mx("stack", parts, static_cast<int>(sizes.size())));
}
Value polar(Mlx& mx, Value size, Value angle) {
  return complex(mx, mx("multiply", size, mx("cos", angle)), mx("multiply", size, mx("sin", angle)));
}

Value real(Mlx& mx, Value x) { return is_complex(mx, x) ? mx("real", x) : x; }
Value imag(Mlx& mx, Value x) { return mx("imag", x); }
Value conj(Mlx& mx, Value x) { return is_complex(mx, x) ? mx("conj", x) : x; }
Value angle(Mlx& mx, Value x) {
  if (is_complex(mx, x)) return mx("arctan2", mx("imag", x), mx("real", x));
  x = to_floating(mx, x);
  const Value turned = mx("where", mx("less", x, 0), std::numbers::pi, 0.0);
  return mx("where", mx("isnan", x), x, mx.cast(turned, mx.dtype(x)));
}
// On the unit circle, or 0.
Value direction(Mlx& mx, Value x) {
  if (mx.dtype(x) == Dtype::boolean) return x;
  if (!is_complex(mx, x)) return mx("sign", x);
  const Value size = mx("abs", x);
  return mx("where", mx("equal", size, 0), x, mx("divide", x, size));
}
Value negated(Mlx& mx, Value x) { return mx("negative", x); }

constexpr Lowering rows[] = {
    lower<view_as_real, "view_as_real(Tensor self) -> Tensor">,
    lower<view_as_complex, "view_as_complex(Tensor self) -> Tensor">,
    lower<complex, "complex(Tensor real, Tensor imag) -> Tensor">,
    lower<polar, "polar(Tensor abs, Tensor angle) -> Tensor">,
    lower<real, "real(Tensor self) -> Tensor">,
    lower<imag, "imag(Tensor self) -> Tensor">,
    lower<conj, "conj(Tensor self) -> Tensor">,
    lower<conj, "_conj(Tensor self) -> Tensor">,
    lower<conj, "conj_physical(Tensor self) -> Tensor">,
    lower<conj, "_conj_physical(Tensor self) -> Tensor">,
    lower<identity, "resolve_conj(Tensor self) -> Tensor">,
    lower<identity, "resolve_neg(Tensor self) -> Tensor">,
    lower<angle, "angle(Tensor self) -> Tensor">,
    lower<direction, "sgn(Tensor self) -> Tensor">,
    lower<negated, "_neg_view(Tensor self) -> Tensor">,
};

}  // namespace

std::span<const Lowering> complex_lowerings() { return rows; }

}  // namespace torch2mlx::ops
