// Reductions, softmax and what runs along an axis.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "ops/aten_families.h"
#include "ops/promotion.h"
#include "ops/rearrange.h"

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

// MLX does not reduce arrays without elements: what is left is filled with the value of a reduction of nothing.
Value filled(Mlx& mx, Value x, const std::optional<Axes64>& dims, bool keepdim, Scalar value) {
  Sizes sizes;
  const auto axes = axes_of(mx, x, dims);
  for (int i = 0; i < mx.rank(x); ++i) {
    const bool reduced = !axes || std::ranges::find(*axes, i) != axes->end();
    if (reduced && keepdim) sizes.push_back(1);
    if (!reduced) sizes.push_back(mx.dim(x, i));
  }
  return mx("full", sizes, value, mx.dtype(x));
}

// As far as torch has one; for max and min the result itself is empty.
Scalar of_nothing(std::string_view name, Dtype dtype) {
  if (name == "mean") return std::numeric_limits<double>::quiet_NaN();
  if (name == "all") return true;
  if (name == "prod") return stored_as(std::int64_t{1}, dtype);
  return stored_as(std::int64_t{0}, dtype);
}

template <detail::Text name>
Value reduce(Mlx& mx, Value x, std::optional<Axes64> dims, bool keepdim) {
  if (is_empty(mx, x)) {
    const Value result = filled(mx, x, dims, keepdim, of_nothing(name.view(), mx.declared_dtype()));
    const bool has_value = name.view() != "max" && name.view() != "min";
    if (!has_value && !is_empty(mx, result)) mx.refuse("MLX does not reduce over an empty axis");
    return result;
  }
  return mx.unchecked(name.view(), x, axes_of(mx, x, dims), kept(keepdim));
}

// Halves are added up in float32, as torch does.
Dtype accumulator(Mlx& mx) { return is_floating(mx.declared_dtype()) ? Dtype::float32 : mx.declared_dtype(); }

// Computed in the dtype of the result, as torch does; but the sum of an average of halves may be beyond them.
template <detail::Text name>
Value reduce_as(Mlx& mx, Value x, std::optional<Axes64> dims, bool keepdim, std::optional<Dtype>) {
  const Dtype dtype = name.view() == "mean" ? accumulator(mx) : mx.declared_dtype();
  return reduce<name>(mx, mx.cast(x, dtype), dims, keepdim);
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
Value reduce_some(Mlx& mx, Value x, std::optional<Axes64> dims, bool keepdim) {
  if (!dims || !dims->empty()) return reduce<name>(mx, x, std::move(dims), keepdim);
  return mx.cast(mx.cast(x, Dtype::boolean), mx.declared_dtype());  // over no axis: each element by itself
}
template <detail::Text name>
Value reduce_all(Mlx& mx, Value x) {
  return reduce<name>(mx, x, std::nullopt, false);
}
template <detail::Text name>
Value reduce_dim(Mlx& mx, Value x, std::int64_t dim, bool keepdim) {
  return reduce<name>(mx, x, Axes64{dim}, keepdim);
}

// Halves are multiplied in float32, as torch does.
Value product(Mlx& mx, Value x, std::optional<Axes64> dims, bool keepdim) {
  return reduce<"prod">(mx, mx.cast(x, accumulator(mx)), std::move(dims), keepdim);
}

// How many elements one result is made of.
Dim count_along(Mlx& mx, Value x, const std::optional<std::vector<int>>& axes) {
  Dim count(1);
  for (int i = 0; i < mx.rank(x); ++i)
    if (!axes || std::ranges::find(*axes, i) != axes->end()) count = count * mx.shape(x)[i];
  return count;
}

Value variance(Mlx& mx, Value x, std::optional<Axes64> dims, std::optional<Scalar> correction, bool keepdim) {
  if (is_empty(mx, x)) return filled(mx, x, dims, keepdim, std::numeric_limits<double>::quiet_NaN());
  const auto ddof = correction ? correction->constant() : 1;
  if (!ddof) mx.refuse("a correction that is a size");
  if (row(mx.dtype(x)).kind == DtypeKind::complex) mx.refuse("a variance of complex numbers");
  // MLX averages halves in halves, torch in float32.
  x = mx.cast(x, Dtype::float32);
  const auto axes = axes_of(mx, x, dims);
  if (*ddof >= 0 && *ddof == std::floor(*ddof))
    return mx("var", x, axes, static_cast<std::int64_t>(*ddof), kept(keepdim));
  // MLX takes whole numbers alone.
  const auto count = count_along(mx, x, axes).constant();
  if (!count) mx.refuse("a correction that is no natural number, of a number of elements that is not constant");
  const double elements = static_cast<double>(*count);
  const Value mean_square = mx("var", x, axes, std::nullopt, kept(keepdim));
  return mx("multiply", mean_square, elements / std::max(0.0, elements - *ddof));
}

// The older spelling of a correction of one or none.
Value variance_dim(Mlx& mx, Value x, std::optional<Axes64> dims, bool unbiased, bool keepdim) {
  return variance(mx, x, std::move(dims), Scalar(std::int64_t{unbiased}), keepdim);
}
Value deviation(Mlx& mx, Value x, std::optional<Axes64> dims, std::optional<Scalar> correction, bool keepdim) {
  return mx("sqrt", variance(mx, x, std::move(dims), correction, keepdim));
}
Value deviation_dim(Mlx& mx, Value x, std::optional<Axes64> dims, bool unbiased, bool keepdim) {
  return mx("sqrt", variance_dim(mx, x, std::move(dims), unbiased, keepdim));
}
// With the mean, of which halves are added up in float32 too.
template <auto spread>
std::pair<Value, Value> with_mean(Mlx& mx, Value x, std::optional<Axes64> dims, std::optional<Scalar> correction,
                                  bool keepdim) {
  const Value mean = reduce<"mean">(mx, mx.cast(x, Dtype::float32), dims, keepdim);
  return {spread(mx, x, dims, correction, keepdim), mean};
}

// Halves are computed in float32, as torch does.
Value vector_norm(Mlx& mx, Value x, Scalar ord, std::optional<Axes64> dims, bool keepdim, std::optional<Dtype>) {
  const auto order = ord.constant();
  if (!order) mx.refuse("a norm whose order is a size");
  if (is_empty(mx, x)) {
    const Value result = filled(mx, mx.cast(x, mx.declared_dtype()), dims, keepdim, 0);
    if ((*order < 0 || std::isinf(*order)) && !is_empty(mx, result))
      mx.refuse("MLX does not reduce over an empty axis");
    return result;
  }
  const auto axes = axes_of(mx, x, dims);
  const std::optional<bool> kept_axes = kept(keepdim);
  x = row(mx.dtype(x)).kind == DtypeKind::complex ? mx("abs", x) : mx.cast(x, Dtype::float32);
  if (order == 2.0) return mx("sqrt", mx("sum", mx("square", x), axes, kept_axes));
  if (order == 0.0) return mx("sum", mx.cast(mx("not_equal", x, 0), Dtype::float32), axes, kept_axes);
  const Value size = mx("abs", x);
  if (order == 1.0) return mx("sum", size, axes, kept_axes);
  if (std::isinf(*order)) return *order > 0 ? mx("max", size, axes, kept_axes) : mx("min", size, axes, kept_axes);
  return mx("power", mx("sum", mx("power", size, *order), axes, kept_axes), 1 / *order);
}

template <detail::Text name>
Value arg_reduce(Mlx& mx, Value x, std::optional<std::int64_t> dim, bool keepdim) {
  const int rank = mx.rank(x);
  if (rank == 0) return mx("full", Sizes{}, 0, Dtype::int64);
  if (dim) return mx.unchecked(name.view(), x, mx.axis(x, *dim), kept(keepdim));
  const Value found = mx.unchecked(name.view(), mx("reshape", x, std::vector<int>{-1}), 0, std::nullopt);
  return keepdim ? mx("reshape", found, std::vector<int>(rank, 1)) : found;
}

// f over an axis of x, where MLX wants at least one axis and one element.
template <class F>
Value along(Mlx& mx, Value x, F&& f) {
  if (is_empty(mx, x)) return x;
  if (mx.rank(x) > 0) return f(x);
  return mx("squeeze", f(mx("expand_dims", x, 0)), 0);
}

Value softmax(Mlx& mx, Value x, std::int64_t dim, std::optional<Dtype>) {
  const int axis = mx.axis(x, dim);
  return along(mx, mx.cast(x, mx.declared_dtype()), [&](Value y) { return mx("softmax", y, axis); });
}
template <auto f>
Value half_to_float(Mlx& mx, Value x, std::int64_t dim, [[maybe_unused]] bool half_to_float) {
  return f(mx, x, dim, {});
}
// The largest is taken away first, as torch does: what is near 0 keeps its digits, and inf gives nan.
Value log_softmax(Mlx& mx, Value x, std::int64_t dim, std::optional<Dtype>) {
  const int axis = mx.axis(x, dim);
  return along(mx, mx.cast(x, mx.declared_dtype()), [&](Value y) {
    const Value below = mx("subtract", y, mx("max", y, std::vector<int>{axis}, true));
    return mx("subtract", below, mx("logsumexp", below, axis));
  });
}

Value logsumexp(Mlx& mx, Value x, Axes64 dims, bool keepdim) {
  x = mx.cast(x, mx.declared_dtype());
  if (is_empty(mx, x)) return filled(mx, x, dims, keepdim, -std::numeric_limits<double>::infinity());
  std::vector<int> axes = axes_of(mx, x, dims).value_or(axes_up_to(mx.rank(x)));
  std::ranges::sort(axes, std::greater());
  for (const int axis : axes) {
    x = mx("logsumexp", x, axis);
    if (!keepdim) x = mx("squeeze", x, axis);
  }
  return x;
}

Value cumsum(Mlx& mx, Value x, std::int64_t dim, std::optional<Dtype>) {
  const int axis = mx.axis(x, dim);
  return along(mx, mx.cast(x, accumulator(mx)), [&](Value y) { return mx("cumsum", y, axis); });
}

constexpr Lowering rows[] = {
    lower<reduce_as<"sum">,
          "sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor">,
    lower<reduce_all_as<"sum">, "sum(Tensor self, *, ScalarType? dtype=None) -> Tensor">,
    lower<reduce_as<"mean">,
          "mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor">,
    lower<reduce_all_as<"mean">, "mean(Tensor self, *, ScalarType? dtype=None) -> Tensor">,
    lower<[](Mlx& mx, Value x, std::optional<Dtype>) { return product(mx, x, {}, false); },
          "prod(Tensor self, *, ScalarType? dtype=None) -> Tensor">,
    lower<[](Mlx& mx, Value x, std::int64_t dim, bool keepdim, std::optional<Dtype>) {
      return product(mx, x, Axes64{dim}, keepdim);
    },
          "prod.dim_int(Tensor self, int dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor">,
    lower<logsumexp, "logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor">,
    lower<reduce_dims<"max">, "amax(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor">,
    lower<reduce_dims<"min">, "amin(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor">,
    lower<reduce_all<"max">, "max(Tensor self) -> Tensor">,
    lower<reduce_all<"min">, "min(Tensor self) -> Tensor">,
    lower<reduce_all<"any">, "any(Tensor self) -> Tensor">,
    lower<reduce_all<"any">, "_is_any_true(Tensor self) -> Tensor">,
    lower<reduce_dim<"any">, "any.dim(Tensor self, int dim, bool keepdim=False) -> Tensor">,
    lower<reduce_some<"any">, "any.dims(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor">,
    lower<reduce_some<"all">, "all.dims(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor">,
    lower<reduce_all<"all">, "all(Tensor self) -> Tensor">,
    lower<reduce_all<"all">, "_is_all_true(Tensor self) -> Tensor">,
    lower<reduce_dim<"all">, "all.dim(Tensor self, int dim, bool keepdim=False) -> Tensor">,
    lower<variance,
          "var.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor">,
    lower<variance_dim, "var.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor">,
    lower<[](Mlx& mx, Value x, bool unbiased) { return variance_dim(mx, x, {}, unbiased, false); },
          "var(Tensor self, bool unbiased=True) -> Tensor">,
    lower<deviation,
          "std.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor">,
    lower<deviation_dim, "std.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor">,
    lower<[](Mlx& mx, Value x, bool unbiased) { return deviation_dim(mx, x, {}, unbiased, false); },
          "std(Tensor self, bool unbiased=True) -> Tensor">,
    lower<with_mean<variance>,
          "var_mean.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> "
          "(Tensor, Tensor)">,
    lower<with_mean<deviation>,
          "std_mean.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> "
          "(Tensor, Tensor)">,
    lower<vector_norm,
          "linalg_vector_norm(Tensor self, Scalar ord=2, int[1]? dim=None, bool keepdim=False, *, ScalarType? "
          "dtype=None) -> Tensor">,
    lower<arg_reduce<"argmax">, "argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor">,
    lower<arg_reduce<"argmin">, "argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor">,
    lower<softmax, "softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor">,
    lower<half_to_float<softmax>, "_softmax(Tensor self, int dim, bool half_to_float) -> Tensor">,
    lower<log_softmax, "log_softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor">,
    lower<half_to_float<log_softmax>, "_log_softmax(Tensor self, int dim, bool half_to_float) -> Tensor">,
    lower<cumsum, "cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor">,
};

}  // namespace

std::span<const Lowering> reduce_lowerings() { return rows; }

}  // namespace torch2mlx::ops
