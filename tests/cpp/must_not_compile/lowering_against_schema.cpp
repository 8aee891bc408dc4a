// expect: the lowering takes more parameters than its schema has
#include "ops/lowering.h"

namespace torch2mlx::ops {
namespace {

Value silu(Mlx& mx, Value x, Scalar) { return mx("sigmoid", x); }

[[maybe_unused]] constexpr Lowering lowering = lower<silu, "silu(Tensor self) -> Tensor">;

}  // namespace
}  // namespace torch2mlx::ops
