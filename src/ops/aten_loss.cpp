// Losses whose decompositions in PyTorch round otherwise than its own kernels; all others are decomposed.
#include <limits>

#include "ops/aten_families.h"
#include "ops/rearrange.h"

namespace torch2mlx::ops {
namespace {

enum Reduction : std::int64_t { none, mean, sum };

// As F.mse_loss(reduction=...): halves are added up in float32, and nothing has the mean nan.
Value reduced(Mlx& mx, Value losses, std::int64_t reduction) {
  if (reduction == none) return losses;
  if (is_empty(mx, losses))
    return mx("full", Sizes{}, reduction == mean ? std::numeric_limits<double>::quiet_NaN() : 0.0, mx.dtype(losses));
  losses = mx.cast(losses, Dtype::float32);
  return reduction == mean ? mx("mean", losses) : mx("sum", losses);
}

// Every step in the tensors' own dtype: in float16, exp is infinite from 11.1 on.
Value soft_margin_loss(Mlx& mx, Value x, Value target, std::int64_t reduction) {
  const Value product = mx.cast(mx("multiply", mx("negative", x), target), mx.dtype(x));
  return reduced(mx, mx("log1p", mx("exp", product)), reduction);
}

constexpr Lowering rows[] = {
    lower<soft_margin_loss, "soft_margin_loss(Tensor self, Tensor target, int reduction=1) -> Tensor">,
};

}  // namespace

std::span<const Lowering> loss_lowerings() { return rows; }

}  // namespace torch2mlx::ops
