// expect: too few arguments for this op
#include "ops/lowering.h"

namespace torch2mlx::ops {
namespace {

Value square(Mlx& mx, Value x) { return mx("multiply", x); }

}  // namespace
}  // namespace torch2mlx::ops
