// expect: a row names fewer parameters than its lambda takes
#include "ops/lowering.h"

namespace torch2mlx::ops {
namespace {

[[maybe_unused]] constexpr auto row =
    op<[](A a, Int axis) { return mx::softmax(a, axis); }>("softmax", "a", Axes::remap);

}  // namespace
}  // namespace torch2mlx::ops
