// Linear layers, norms, embeddings, attention.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "ops/aten_families.h"
#include "ops/channels_last.h"
#include "ops/lower.h"
#include "ops/norms.h"
#include "ops/products.h"

namespace torch2mlx::ops {
namespace {

Value linear(Mlx& mx, Value x, Value weight, OptValue bias) {
  if (mx.rank(weight) != 2) mx.refuse("a one-dimensional weight has no MLX linear");
  if (is_floating(mx.dtype(x)) || mx.dtype(x) == Dtype::complex64) return mx("linear", x, weight, bias);
  const Value product = product_over(mx, x, weight, {mx.rank(x) - 1}, {1});
  return bias ? mx("add", product, *bias) : product;
}

Value addmm(Mlx& mx, Value input, Value a, Value b, Scalar beta, Scalar alpha) {
  Value product = product_of_matrices(mx, a, b);
  if (alpha.constant() != 1.0) product = mx("multiply", product, alpha);
  // With a beta of 0 torch does not even look at the input: nan does not spread.
  if (beta.constant() == 0.0) return product;
  return mx("add", product, beta.constant() == 1.0 ? input : mx("multiply", input, beta));
}

Value embedding(Mlx& mx, Value weight, Value indices, [[maybe_unused]] std::int64_t padding_idx,
                [[maybe_unused]] bool scale_grad_by_freq, [[maybe_unused]] bool sparse) {
  return mx("embedding", weight, indices);  // the other arguments matter to gradients alone
}

// The `count` last axes as one, for MLX's norms over the last axis.
Value merge_last(Mlx& mx, Value x, std::size_t count) {
  Sizes sizes = mx.dims(x);
  const std::size_t keep = sizes.size() - count;
  Size last = 1;
  for (std::size_t i = keep; i < sizes.size(); ++i) last = mx.mul(last, sizes[i]);
  sizes.resize(keep);
  sizes.push_back(last);
  return mx("reshape", x, sizes);
}

template <class Norm>
Value over_last_axes(Mlx& mx, Value x, std::size_t count, OptValue weight, OptValue bias, Norm&& norm) {
  if (count == 1) return norm(x, weight, bias);
  if (weight) weight = merge_last(mx, *weight, count);
  if (bias) bias = merge_last(mx, *bias, count);
  return mx("reshape", norm(merge_last(mx, x, count), weight, bias), mx.dims(x));
}

}  // namespace

Value layer_norm(Mlx& mx, Value x, const Sizes& normalized_shape, OptValue weight, OptValue bias, double eps) {
  return over_last_axes(mx, x, normalized_shape.size(), weight, bias,
                        [&](Value last, OptValue w, OptValue b) { return mx("layer_norm", last, w, b, eps); });
}

namespace {

Value layer_norm_call(Mlx& mx, Value x, Sizes normalized_shape, OptValue weight, OptValue bias, double eps,
                      [[maybe_unused]] bool cudnn_enable) {
  return layer_norm(mx, x, normalized_shape, weight, bias, eps);
}

// torch computes halves in float32 and takes its epsilon by default.
constexpr double default_epsilon = std::numeric_limits<float>::epsilon();

Value rms_norm(Mlx& mx, Value x, Sizes normalized_shape, OptValue weight, std::optional<double> eps) {
  return over_last_axes(mx, x, normalized_shape.size(), weight, std::nullopt, [&](Value last, OptValue w, OptValue) {
    return mx("rms_norm", last, w, eps.value_or(default_epsilon));
  });
}

std::pair<Value, Value> fused_rms_norm(Mlx& mx, Value x, Sizes normalized_shape, OptValue weight,
                                       std::optional<double> eps) {
  return {rms_norm(mx, x, normalized_shape, weight, eps), unavailable};
}

}  // namespace

// Channels are axis 1 in torch and the last one in MLX, whose layer takes up to two spatial axes.
Value batch_norm(Mlx& mx, Value x, OptValue weight, OptValue bias, Value mean, Value var, double eps) {
  const auto run = [&](Value last) { return mx("batch_norm", last, mean, var, weight, bias, eps); };
  if (mx.rank(x) == 2) return run(x);
  return in_channels_last(mx, x, mx.rank(x) - 2, [&](Value last) {
    if (mx.rank(x) <= 4) return run(last);
    const Sizes sizes = mx.dims(last);
    return mx("reshape", run(mx("reshape", last, Sizes{sizes.front(), -1, sizes.back()})), sizes);
  });
}

namespace {

std::tuple<Value, Value, Value> batch_norm_eval(Mlx& mx, Value x, OptValue weight, OptValue bias, Value mean, Value var,
                                                [[maybe_unused]] double momentum, double eps) {
  // The saved statistics are empty when not training.
  const Value none = mx("full", std::vector<int>{0}, 0.0, mx.dtype(x));
  return {batch_norm(mx, x, weight, bias, mean, var, eps), none, none};
}

std::vector<int> all_but_channels(int rank) {
  std::vector<int> axes{0};
  for (int i = 2; i < rank; ++i) axes.push_back(i);
  return axes;
}

// Batch norm in training: by the batch's own statistics, which move the running ones.
std::vector<Value> batch_norm_functional(Mlx& mx, Value x, OptValue weight, OptValue bias, Value mean, Value var,
                                         bool training, double momentum, double eps) {
  if (!training) {
    const auto [y, none, nothing] = batch_norm_eval(mx, x, weight, bias, mean, var, momentum, eps);
    return {y, none, nothing, mean, var};
  }
  const std::vector<int> axes = all_but_channels(mx.rank(x));
  const Value wide = mx.cast(x, Dtype::float32);
  const Value batch_mean = mx("mean", wide, axes, std::nullopt);
  const Value batch_var = mx("var", wide, axes, std::nullopt, std::nullopt);
  const Value spread = mx("var", wide, axes, 1, std::nullopt);
  const auto moved = [&](Value running, Value now) {
    return mx("add", mx("multiply", running, 1 - momentum), mx("multiply", now, momentum));
  };
  return {batch_norm(mx, x, weight, bias, batch_mean, batch_var, eps), batch_mean,
          mx("rsqrt", mx("add", batch_var, eps)), moved(mean, batch_mean), moved(var, spread)};
}

// As it is saved where it moves nothing; what trains is made functional (ops/functionalize.cpp).
std::tuple<Value, Value, Value> batch_norm_legit(Mlx& mx, Value x, OptValue weight, OptValue bias, Value mean,
                                                 Value var, bool training, double momentum, double eps) {
  if (training) mx.refuse("updates running statistics, which has no exact form");
  return batch_norm_eval(mx, x, weight, bias, mean, var, momentum, eps);
}

// Over the statistics of this batch: what a batch norm without running ones does in eval mode too.
Value batch_norm_of_batch(Mlx& mx, Value x, OptValue weight, OptValue bias, double eps) {
  const std::vector<int> axes = all_but_channels(mx.rank(x));
  const Value wide = mx.cast(x, Dtype::float32);
  const Value mean = mx("mean", wide, axes, std::nullopt), var = mx("var", wide, axes, std::nullopt, std::nullopt);
  return mx.cast(batch_norm(mx, x, weight, bias, mean, var, eps), mx.dtype(x));
}

Value batch_norm_call(Mlx& mx, Value x, OptValue weight, OptValue bias, OptValue mean, OptValue var, bool training,
                      [[maybe_unused]] double momentum, double eps, [[maybe_unused]] bool cudnn_enabled) {
  if (!mean && !var) return batch_norm_of_batch(mx, x, weight, bias, eps);
  if (training || !mean || !var) mx.refuse("batch norm over batch statistics is training; call model.eval() first");
  return batch_norm(mx, x, weight, bias, *mean, *var, eps);
}

std::tuple<Value, Value, Value> native_batch_norm(Mlx& mx, Value x, OptValue weight, OptValue bias, OptValue mean,
                                                  OptValue var, bool training, double momentum, double eps) {
  return {batch_norm_call(mx, x, weight, bias, mean, var, training, momentum, eps, true), unavailable, unavailable};
}

std::tuple<Value, Value, Value> batch_norm_no_stats(Mlx& mx, Value x, OptValue weight, OptValue bias,
                                                    [[maybe_unused]] bool training, [[maybe_unused]] double momentum,
                                                    double eps) {
  return {batch_norm_of_batch(mx, x, weight, bias, eps), unavailable, unavailable};
}

// True where the column is not beyond the row.
Value lower_triangle(Mlx& mx, Size rows, Size columns) {
  const auto count = [&](Size size) { return mx("arange", std::nullopt, size, std::nullopt, Dtype::int32); };
  return mx("greater_equal", mx("expand_dims", count(rows), 1), count(columns));
}

// A query whose mask hides every key gets 0 from torch; MLX gives the mean of the values, or nan. A mask made of sizes
// alone shows every query a key (causal, or a window around it), and so does a learned bias.
Value without_hidden(Mlx& mx, Value y, Value mask) {
  if (!mx.depends_on_data(mask)) return y;
  constexpr double lowest = -std::numeric_limits<double>::infinity();
  const Value shown = mx.dtype(mask) == Dtype::boolean ? mask : mx("not_equal", mask, lowest);
  return mx("where", mx("any", shown, std::vector<int>{-1}, true), y, 0);
}

Value with_axes(Mlx& mx, Value x, int rank) {
  while (mx.rank(x) < rank) x = mx("expand_dims", x, 0);
  return x;
}

// Sizes of the axes before the last three, to which those of one stretch. MLX's attention has one such axis.
Sizes batch_of(Mlx& mx, const std::array<Value, 3>& arrays) {
  Sizes sizes;
  for (int axis = 0; axis + 3 < mx.rank(arrays[0]); ++axis) {
    const auto longer = std::ranges::find_if(arrays, [&](Value x) { return mx.shape(x).at(axis) != graph::Dim(1); });
    sizes.push_back(mx.dim(longer == arrays.end() ? arrays[0] : *longer, axis));
  }
  return sizes;
}

// Those axes as one, stretched to `batch`.
Value merged(Mlx& mx, Value x, const Sizes& batch) {
  const int rank = mx.rank(x), first = rank - 3;
  bool stretched = false;
  for (int axis = 0; axis < first; ++axis)
    stretched |= mx.shape(x).at(axis) == graph::Dim(1) && to_arg(batch.at(axis)) != to_arg(Size(1));
  Sizes wide = batch, one{Size(-1)};
  for (int axis = first; axis < rank; ++axis) {
    wide.push_back(mx.dim(x, axis));
    one.push_back(mx.dim(x, axis));
  }
  return mx("reshape", stretched ? mx("broadcast_to", x, wide) : x, one);
}

Value attention(Mlx& mx, Value q, Value k, Value v, OptValue mask, double dropout_p, bool is_causal,
                std::optional<double> scale, [[maybe_unused]] bool enable_gqa) {
  if (dropout_p != 0) mx.refuse("dropout in attention is training; call model.eval() first");
  const int rank = mx.rank(q);
  const Sizes batch = rank > 4 ? batch_of(mx, {q, k, v}) : Sizes();
  for (Value* x : {&q, &k, &v}) *x = rank > 4 ? merged(mx, *x, batch) : with_axes(mx, *x, 4);
  if (mask && rank > 4 && mx.rank(*mask) > 3) mask = merged(mx, with_axes(mx, *mask, rank), batch);
  const auto width = mx.shape(q).back().constant();
  if (!scale && !width) mx.refuse("needs a constant head size");
  const double factor = scale.value_or(1 / std::sqrt(static_cast<double>(width.value_or(1))));
  // torch aligns the causal mask at the top left, MLX at the bottom right: the same for square scores alone.
  const bool square = mx.shape(q).at(2) == mx.shape(k).at(2);
  Value y{};
  if (is_causal && square) {
    y = mx("causal_attention", q, k, v, factor);
  } else if (is_causal) {
    y = mx("scaled_dot_product_attention", q, k, v, factor, lower_triangle(mx, mx.dim(q, 2), mx.dim(k, 2)));
  } else {
    if (mask && mx.dtype(*mask) != Dtype::boolean) mask = mx.cast(*mask, mx.dtype(q));
    y = mx("scaled_dot_product_attention", q, k, v, factor, mask);
    if (mask) y = without_hidden(mx, y, *mask);
  }
  for (int i = rank; i < 4; ++i) y = mx("squeeze", y, 0);
  if (rank <= 4) return y;
  Sizes sizes = batch;
  for (int axis = 1; axis < 4; ++axis) sizes.push_back(mx.dim(y, axis));
  return mx("reshape", y, sizes);
}

// The second result is torch's scratch for the gradient.
std::pair<Value, Value> flash_attention(Mlx& mx, Value q, Value k, Value v, double dropout_p, bool is_causal,
                                        OptValue mask, std::optional<double> scale) {
  return {attention(mx, q, k, v, mask, dropout_p, is_causal, scale, false), unavailable};
}

constexpr Lowering rows[] = {
    lower<linear, "linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor">,
    lower<product_of_matrices, "matmul(Tensor self, Tensor other) -> Tensor">,
    lower<product_of_matrices, "mm(Tensor self, Tensor mat2) -> Tensor">,
    lower<product_of_matrices, "bmm(Tensor self, Tensor mat2) -> Tensor">,
    lower<addmm, "addmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor">,
    lower<embedding,
          "embedding(Tensor weight, Tensor indices, SymInt padding_idx=-1, bool scale_grad_by_freq=False, bool "
          "sparse=False) -> Tensor">,
    lower<layer_norm_call,
          "layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, Tensor? bias=None, float "
          "eps=1e-05, bool cudnn_enable=True) -> Tensor">,
    lower<rms_norm,
          "rms_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, float? eps=None) -> Tensor">,
    lower<batch_norm_eval,
          "_native_batch_norm_legit_no_training(Tensor input, Tensor? weight, Tensor? bias, Tensor running_mean, "
          "Tensor running_var, float momentum, float eps) -> (Tensor, Tensor, Tensor)">,
    lower<batch_norm_functional,
          "_native_batch_norm_legit_functional(Tensor input, Tensor? weight, Tensor? bias, Tensor running_mean, Tensor "
          "running_var, bool training, float momentum, float eps) -> (Tensor, Tensor, Tensor, Tensor running_mean_out, "
          "Tensor running_var_out)">,
    lower<batch_norm_legit,
          "_native_batch_norm_legit(Tensor input, Tensor? weight, Tensor? bias, Tensor(a!) running_mean, Tensor(b!) "
          "running_var, bool training, float momentum, float eps) -> (Tensor, Tensor, Tensor)">,
    lower<batch_norm_call,
          "batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool "
          "training, float momentum, float eps, bool cudnn_enabled) -> Tensor">,
    lower<attention,
          "scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, float "
          "dropout_p=0.0, bool is_causal=False, *, float? scale=None, bool enable_gqa=False) -> Tensor">,
    lower<flash_attention,
          "_scaled_dot_product_flash_attention_for_cpu(Tensor query, Tensor key, Tensor value, float dropout_p=0.0, "
          "bool is_causal=False, *, Tensor? attn_mask=None, float? scale=None) -> (Tensor, Tensor)">,
    lower<fused_rms_norm,
          "_fused_rms_norm(Tensor input, int[] normalized_shape, Tensor? weight, float? eps) -> (Tensor, Tensor)">,
    lower<native_batch_norm,
          "native_batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, "
          "bool training, float momentum, float eps) -> (Tensor, Tensor, Tensor)">,
    lower<batch_norm_no_stats,
          "_native_batch_norm_legit.no_stats(Tensor input, Tensor? weight, Tensor? bias, bool training, float "
          "momentum, float eps) -> (Tensor, Tensor, Tensor)">,
};

}  // namespace

std::span<const Lowering> nn_lowerings() { return rows; }

}  // namespace torch2mlx::ops
