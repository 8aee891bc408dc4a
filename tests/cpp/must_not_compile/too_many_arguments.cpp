// expect: too many arguments for this op
#include "ops/lowering.h"

namespace torch2mlx::ops {
namespace {

Value silu(Mlx& mx, Value x) { return mx("sigmoid", x, x); }

}  // namespace
}  // namespace torch2mlx::ops
