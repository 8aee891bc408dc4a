// Norms over groups of channels, and lengths of vectors.
#include <algorithm>

#include "ops/aten_families.h"
#include "ops/channels_last.h"
#include "ops/norms.h"
#include "ops/promotion.h"

namespace torch2mlx::ops {
namespace {

// In arithmetic, in float32 as PyTorch's kernel computes: an eps that is not positive is refused by MLX's layer.
Value by_groups_in_float32(Mlx& mx, Value x, std::int64_t groups, OptValue weight, OptValue bias, double eps) {
  const std::vector<int> axes{2};
  const Value flat = mx.cast(mx("reshape", x, Sizes{mx.dim(x, 0), groups, -1}), Dtype::float32);
  const Value scale = mx("rsqrt", mx("add", mx("var", flat, axes, std::nullopt, true), eps));
  const Value scaled = mx("multiply", mx("subtract", flat, mx("mean", flat, axes, true)), scale);
  Value y = mx("reshape", scaled, mx.dims(x));
  if (weight) y = mx("multiply", y, along(mx, *weight, 1, mx.rank(x)));
  if (bias) y = mx("add", y, along(mx, *bias, 1, mx.rank(x)));
  return mx.cast(y, mx.dtype(x));
}

Value by_groups(Mlx& mx, Value x, std::int64_t groups, OptValue weight, OptValue bias, double eps) {
  if (is_empty(mx, x)) return x;
  if (eps <= 0) return by_groups_in_float32(mx, x, groups, weight, bias, eps);
  return in_channels_last(mx, x, mx.rank(x) - 2,
                          [&](Value last) { return mx("group_norm", last, groups, weight, bias, eps); });
}

Value group_norm(Mlx& mx, Value x, std::int64_t groups, OptValue weight, OptValue bias, double eps,
                 [[maybe_unused]] bool cudnn_enabled) {
  return by_groups(mx, x, groups, weight, bias, eps);
}

// What else PyTorch's kernel gives: (N, groups) means and reciprocal deviations, in float32 where it computes so.
std::tuple<Value, Value, Value> native_group_norm(Mlx& mx, Value x, OptValue weight, OptValue bias, Size n, Size, Size,
                                                  std::int64_t groups, double eps) {
  if (n.constant() == 0) {
    const Value none = mx("full", Sizes{0, groups}, 0, mx.dtype(x));
    return {x, none, none};
  }
  const Value flat = mx("reshape", x, Sizes{n, groups, -1});
  const auto statistic = [&](Value y) { return mx.cast(y, mx.dtype(x)); };
  const Value wide = mx.cast(flat, Dtype::float32);
  const Value mean = mx("mean", wide, std::vector<int>{2}, false);
  const Value var = mx("var", wide, std::vector<int>{2}, std::nullopt, std::nullopt);
  return {by_groups(mx, x, groups, weight, bias, eps), statistic(mean), statistic(mx("rsqrt", mx("add", var, eps)))};
}

// With running statistics it is a batch norm.
Value instance_norm(Mlx& mx, Value x, OptValue weight, OptValue bias, OptValue mean, OptValue var, bool use_input_stats,
                    [[maybe_unused]] double momentum, double eps, [[maybe_unused]] bool cudnn_enabled) {
  if (!use_input_stats && mean && var) return batch_norm(mx, x, weight, bias, *mean, *var, eps);
  if (mean || var) mx.refuse("instance norm that updates running statistics is training; call model.eval() first");
  return in_channels_last(mx, x, mx.rank(x) - 2,
                          [&](Value last) { return mx("instance_norm", last, weight, bias, eps); });
}

std::tuple<Value, Value, Value> native_layer_norm(Mlx& mx, Value x, Sizes normalized_shape, OptValue weight,
                                                  OptValue bias, double eps) {
  std::vector<int> axes;
  for (int i = mx.rank(x) - static_cast<int>(normalized_shape.size()); i < mx.rank(x); ++i) axes.push_back(i);
  const auto statistic = [&](Value y) { return mx.cast(y, mx.dtype(x)); };
  const Value wide = mx.cast(x, Dtype::float32);
  const Value mean = mx("mean", wide, axes, true), var = mx("var", wide, axes, std::nullopt, true);
  return {layer_norm(mx, x, normalized_shape, weight, bias, eps), statistic(mean),
          statistic(mx("rsqrt", mx("add", var, eps)))};
}

Value norm_but(Mlx& mx, Value x, std::int64_t dim) {
  std::optional<std::vector<int>> axes;
  if (dim != -1) {
    axes.emplace();
    for (int i = 0; i < mx.rank(x); ++i)
      if (i != mx.axis(x, dim)) axes->push_back(i);
  }
  if (axes && axes->empty()) return mx("abs", x);
  return mx("sqrt", mx("sum", mx("square", x), axes, axes ? std::optional(true) : std::nullopt));
}

// weight_norm: v at the length g, along all axes but one.
Value weight_norm(Mlx& mx, Value v, Value g, std::int64_t dim) {
  return mx("multiply", v, mx("divide", g, norm_but(mx, v, dim)));
}

std::pair<Value, Value> weight_norm_parts(Mlx& mx, Value v, Value g, std::int64_t dim) {
  return {weight_norm(mx, v, g, dim), norm_but(mx, v, dim)};
}

constexpr Lowering rows[] = {
    lower<native_group_norm,
          "native_group_norm(Tensor input, Tensor? weight, Tensor? bias, SymInt N, SymInt C, SymInt HxW, int group, "
          "float eps) -> (Tensor, Tensor, Tensor)">,
    lower<native_layer_norm,
          "native_layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight, Tensor? bias, float eps) -> "
          "(Tensor, Tensor, Tensor)">,
    lower<weight_norm, "_weight_norm(Tensor v, Tensor g, int dim=0) -> Tensor">,
    lower<weight_norm_parts, "_weight_norm_interface(Tensor v, Tensor g, int dim=0) -> (Tensor, Tensor)">,
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
