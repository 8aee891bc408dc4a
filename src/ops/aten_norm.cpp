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

// Halves are computed in float32, as torch does.
Value vector_norm(Mlx& mx, Value x, Scalar ord, std::optional<std::vector<std::int64_t>> dims, bool keepdim,
                  std::optional<Dtype>) {
  const auto order = ord.constant();
  if (order != 1.0 && order != 2.0) mx.refuse("a norm of an order other than 1 and 2");
  std::optional<std::vector<int>> axes;
  if (dims && !dims->empty() && mx.rank(x) > 0) {
    axes.emplace();
    for (const std::int64_t dim : *dims) axes->push_back(mx.axis(x, dim));
  }
  const std::optional<bool> kept = keepdim ? std::optional(true) : std::nullopt;
  x = mx.cast(x, Dtype::float32);
  if (order == 1.0) return mx("sum", mx("abs", x), axes, kept);
  return mx("sqrt", mx("sum", mx("square", x), axes, kept));
}

constexpr Lowering rows[] = {
    lower<group_norm,
          "group_norm(Tensor input, int num_groups, Tensor? weight=None, Tensor? bias=None, float eps=1e-05, bool "
          "cudnn_enabled=True) -> Tensor">,
    lower<instance_norm,
          "instance_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool "
          "use_input_stats, float momentum, float eps, bool cudnn_enabled) -> Tensor">,
    lower<vector_norm,
          "linalg_vector_norm(Tensor self, Scalar ord=2, int[1]? dim=None, bool keepdim=False, *, ScalarType? "
          "dtype=None) -> Tensor">,
};

}  // namespace

std::span<const Lowering> norm_lowerings() { return rows; }

}  // namespace torch2mlx::ops
