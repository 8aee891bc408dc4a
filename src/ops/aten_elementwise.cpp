#include "ops/aten_families.h"

namespace torch2mlx::ops {
namespace {

Value silu(Mlx& mx, Value x) { return mx("multiply", x, mx("sigmoid", x)); }

Operand scaled(Mlx& mx, const Operand& x, const Scalar& alpha) {
  return alpha.constant() == 1.0 ? x : Operand(mx("multiply", x, alpha));
}

Value add(Mlx& mx, Operand a, Operand b, Scalar alpha) { return mx("add", a, scaled(mx, b, alpha)); }

constexpr Lowering rows[] = {
    lower<silu, "silu(Tensor self) -> Tensor">,
    lower<add, "add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor">,
};

}  // namespace

std::span<const Lowering> elementwise_lowerings() { return rows; }

}  // namespace torch2mlx::ops
