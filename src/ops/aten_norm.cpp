// Norms over groups of channels, and lengths of vectors.
#include <algorithm>

#include "ops/aten_families.h"
#include "ops/promotion.h"

namespace torch2mlx::ops {
namespace {

// x: (N, C, *spatial). The mean and variance of each of `groups` runs of channels, then weight and bias by channel.
Value by_groups(Mlx& mx, Value x, Size groups, OptValue weight, OptValue bias, double eps) {
  const Sizes sizes = mx.dims(x);
  const Value flat = mx("reshape", x, Sizes{sizes.at(0), groups, -1});
  Value y = mx("reshape", mx("layer_norm", flat, std::nullopt, std::nullopt, eps), sizes);
  const auto by_channel = [&](Value parameter) {
    Sizes shape{mx.dim(parameter, 0)};
    shape.resize(sizes.size() - 1, 1);
    return mx("reshape", parameter, shape);
  };
  if (weight) y = mx("multiply", y, by_channel(*weight));
  return bias ? mx("add", y, by_channel(*bias)) : y;
}

Value group_norm(Mlx& mx, Value x, std::int64_t groups, OptValue weight, OptValue bias, double eps,
                 [[maybe_unused]] bool cudnn_enabled) {
  return by_groups(mx, x, groups, weight, bias, eps);
}

Value instance_norm(Mlx& mx, Value x, OptValue weight, OptValue bias, [[maybe_unused]] OptValue mean,
                    [[maybe_unused]] OptValue var, bool use_input_stats, [[maybe_unused]] double momentum, double eps,
                    [[maybe_unused]] bool cudnn_enabled) {
  if (!use_input_stats) mx.refuse("instance norm with running statistics has no MLX form yet");
  return by_groups(mx, x, mx.dim(x, 1), weight, bias, eps);
}

constexpr Lowering rows[] = {
    lower<group_norm,
          "group_norm(Tensor input, int num_groups, Tensor? weight=None, Tensor? bias=None, float eps=1e-05, bool "
          "cudnn_enabled=True) -> Tensor">,
    lower<instance_norm,
          "instance_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool "
          "use_input_stats, float momentum, float eps, bool cudnn_enabled) -> Tensor">,
};

}  // namespace

std::span<const Lowering> norm_lowerings() { return rows; }

}  // namespace torch2mlx::ops
