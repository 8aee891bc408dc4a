// Reductions, softmax and what runs along an axis.
#include <fmt/format.h>

#include <cmath>

#include "ops/aten_families.h"
#include "ops/promotion.h"

namespace torch2mlx::ops {
namespace {

using Axes64 = std::vector<std::int64_t>;

std::optional<bool> kept(bool keepdim) { return keepdim ? std::optional(true) : std::nullopt; }

// No axes, or an empty list, means all of them.
std::optional<std::vector<int>> axes_of(Mlx& mx, Value x, const std::optional<Axes64>& dims) {
  if (!dims || dims->empty()) return std::nullopt;
  std::vector<int> axes;
  if (mx.rank(x) > 0)
    for (const std::int64_t dim : *dims) axes.push_back(mx.axis(x, dim));
  return axes;
}

void require_elements(Mlx& mx, Value x) {
  for (const Dim& dim : mx.shape(x))
    if (dim == Dim(0)) mx.refuse("MLX does not reduce over an empty axis");
}

template <detail::Text name>
Value reduce(Mlx& mx, Value x, std::optional<Axes64> dims, bool keepdim) {
  require_elements(mx, x);
  return mx.unchecked(name.view(), x, axes_of(mx, x, dims), kept(keepdim));
}

// Computed in the dtype of the result, as torch does.
template <detail::Text name>
Value reduce_as(Mlx& mx, Value x, std::optional<Axes64> dims, bool keepdim, std::optional<Dtype>) {
  return reduce<name>(mx, mx.cast(x, mx.declared_dtype()), dims, keepdim);
}
template <detail::Text name>
Value reduce_all_as(Mlx& mx, Value x, std::optional<Dtype> dtype) {
  return reduce_as<name>(mx, x, std::nullopt, false, dtype);
}
template <detail::Text name>
Value reduce_dims(Mlx& mx, Value x, Axes64 dims, bool keepdim) {
  return reduce<name>(mx, x, dims, keepdim);
}
template <detail::Text name>
Value reduce_all(Mlx& mx, Value x) {
  return reduce<name>(mx, x, std::nullopt, false);
}
template <detail::Text name>
Value reduce_dim(Mlx& mx, Value x, std::int64_t dim, bool keepdim) {
  return reduce<name>(mx, x, Axes64{dim}, keepdim);
}

Value variance(Mlx& mx, Value x, std::optional<Axes64> dims, std::optional<Scalar> correction, bool keepdim) {
  require_elements(mx, x);
  const double ddof = correction ? correction->constant().value_or(-1) : 1;
  if (ddof < 0 || ddof != std::floor(ddof)) mx.refuse("a correction that is no natural number");
  return mx("var", x, axes_of(mx, x, dims), static_cast<std::int64_t>(ddof), kept(keepdim));
}

template <detail::Text name>
Value arg_reduce(Mlx& mx, Value x, std::optional<std::int64_t> dim, bool keepdim) {
  if (!dim) {
    if (keepdim) mx.refuse("keepdim without a dim");
    x = mx("reshape", x, std::vector<int>{-1});
  }
  return mx.unchecked(name.view(), x, mx.axis(x, dim.value_or(0)), kept(keepdim));
}

Value softmax(Mlx& mx, Value x, std::int64_t dim, std::optional<Dtype>) {
  return mx("softmax", mx.cast(x, mx.declared_dtype()), mx.axis(x, dim));
}
Value softmax_half(Mlx& mx, Value x, std::int64_t dim, [[maybe_unused]] bool half_to_float) {
  return softmax(mx, x, dim, {});
}
Value log_softmax(Mlx& mx, Value x, std::int64_t dim, std::optional<Dtype>) {
  x = mx.cast(x, mx.declared_dtype());
  return mx("subtract", x, mx("logsumexp", x, mx.axis(x, dim)));
}

Value cumsum(Mlx& mx, Value x, std::int64_t dim, std::optional<Dtype>) {
  if (mx.rank(x) == 0) return x;
  return mx("cumsum", mx.cast(x, mx.declared_dtype()), mx.axis(x, dim));
}

constexpr Lowering rows[] = {
    lower<reduce_as<"sum">, "sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor">,
    lower<reduce_all_as<"sum">, "sum(Tensor self, *, ScalarType? dtype=None) -> Tensor">,
    lower<reduce_as<"mean">, "mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor">,
    lower<reduce_all_as<"mean">, "mean(Tensor self, *, ScalarType? dtype=None) -> Tensor">,
    lower<reduce_dims<"max">, "amax(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor">,
    lower<reduce_dims<"min">, "amin(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor">,
    lower<reduce_all<"max">, "max(Tensor self) -> Tensor">,
    lower<reduce_all<"min">, "min(Tensor self) -> Tensor">,
    lower<reduce_all<"any">, "any(Tensor self) -> Tensor">,
    lower<reduce_dim<"any">, "any.dim(Tensor self, int dim, bool keepdim=False) -> Tensor">,
    lower<reduce_all<"all">, "all(Tensor self) -> Tensor">,
    lower<reduce_dim<"all">, "all.dim(Tensor self, int dim, bool keepdim=False) -> Tensor">,
    lower<variance, "var.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor">,
    lower<arg_reduce<"argmax">, "argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor">,
    lower<arg_reduce<"argmin">, "argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor">,
    lower<softmax, "softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor">,
    lower<softmax_half, "_softmax(Tensor self, int dim, bool half_to_float) -> Tensor">,
    lower<log_softmax, "log_softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor">,
    lower<cumsum, "cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor">,
};

}  // namespace

std::span<const Lowering> reduce_lowerings() { return rows; }

}  // namespace torch2mlx::ops
