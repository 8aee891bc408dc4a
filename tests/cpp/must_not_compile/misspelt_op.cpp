// expect: no MLX op has this name
#include "ops/lowering.h"

namespace torch2mlx::ops {
namespace {

Value silu(Mlx& mx, Value x) { return mx("multiply", x, mx("sigmiod", x)); }

}  // namespace
}  // namespace torch2mlx::ops
