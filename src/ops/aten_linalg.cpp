// Products of vectors and matrices, distances, norms of matrices.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ops/aten_families.h"
#include "ops/matrices.h"
#include "ops/products.h"
#include "ops/promotion.h"
#include "ops/rearrange.h"

namespace torch2mlx::ops {
namespace {

using Ints64 = std::vector<std::int64_t>;

Value dot(Mlx& mx, Value a, Value b) { return mx("sum", mx("multiply", a, b), std::nullopt, std::nullopt); }
Value vdot(Mlx& mx, Value a, Value b) { return dot(mx, mx.dtype(a) == Dtype::complex64 ? mx("conj", a) : a, b); }
Value outer(Mlx& mx, Value a, Value b) {
  Operand left = a, right = b;
  promote(mx, left, right);
  return mx("outer", *left.value(), *right.value());
}
Value inner(Mlx& mx, Value a, Value b) {
  if (mx.rank(a) == 0 || mx.rank(b) == 0) return mx("multiply", a, b);
  const bool integers = row(mx.dtype(a)).kind < DtypeKind::floating;
  return integers ? product_over(mx, a, b, {mx.rank(a) - 1}, {mx.rank(b) - 1}) : mx("inner", a, b);
}
Value kron(Mlx& mx, Value a, Value b) {
  Operand left = a, right = b;
  promote(mx, left, right);
  return mx("kron", *left.value(), *right.value());
}
Value vecdot(Mlx& mx, Value a, Value b, std::int64_t dim) {
  const Value product = mx("multiply", mx.dtype(a) == Dtype::complex64 ? mx("conj", a) : a, b);
  return mx("sum", product, std::vector<int>{mx.axis(product, dim)}, std::nullopt);
}

Value tensordot(Mlx& mx, Value a, Value b, Ints64 dims_a, Ints64 dims_b) {
  std::vector<int> left, right;
  for (const std::int64_t dim : dims_a) left.push_back(mx.axis(a, dim));
  for (const std::int64_t dim : dims_b) right.push_back(mx.axis(b, dim));
  // An axis of size one goes with any size: its element counts once for each.
  for (std::size_t i = 0; i < left.size(); ++i) {
    const bool one_a = mx.shape(a)[left[i]] == Dim(1), one_b = mx.shape(b)[right[i]] == Dim(1);
    if (one_a && !one_b) b = mx("sum", b, std::vector<int>{right[i]}, true);
    if (one_b && !one_a) a = mx("sum", a, std::vector<int>{left[i]}, true);
  }
  return product_over(mx, a, b, left, right);
}

Value einsum(Mlx& mx, std::string equation, std::vector<Value> tensors, std::optional<Ints64>) {
  return einstein_sum(mx, std::move(equation), tensors);
}

// i1 * i2 * i3 with axes of size 1 put in at expand1, expand2, expand3, added up over `sums`.
Value trilinear(Mlx& mx, Value i1, Value i2, Value i3, Ints64 expand1, Ints64 expand2, Ints64 expand3, Ints64 sums,
                [[maybe_unused]] std::int64_t unroll_dim) {
  const int rank = mx.rank(i1) + static_cast<int>(expand1.size());
  const auto labels = [&](const Ints64& without) {
    std::string text;
    for (int axis = 0; axis < rank; ++axis)
      if (std::ranges::find(without, axis) == without.end()) text += static_cast<char>('a' + axis);
    return text;
  };
  const std::string equation =
      fmt::format("{},{},{}->{}", labels(expand1), labels(expand2), labels(expand3), labels(sums));
  return einstein_sum(mx, equation, {i1, i2, i3});
}

Value chain(Mlx& mx, std::vector<Value> matrices) {
  Value product = matrices.at(0);
  for (std::size_t i = 1; i < matrices.size(); ++i) product = product_of_matrices(mx, product, matrices[i]);
  return product;
}

// beta * x + alpha * product. A beta of 0 drops x, nan or not.
Value weighted_sum(Mlx& mx, Value x, Value product, const Scalar& beta, const Scalar& alpha) {
  if (alpha.constant() != 1) product = mx("multiply", product, alpha);
  if (beta.constant() == 0) return broadcast(mx, product, common_sizes(mx, {x, product}));
  return mx("add", beta.constant() == 1 ? x : mx("multiply", x, beta), product);
}
Value baddbmm(Mlx& mx, Value x, Value a, Value b, Scalar beta, Scalar alpha) {
  return weighted_sum(mx, x, product_of_matrices(mx, a, b), beta, alpha);
}
Value addbmm(Mlx& mx, Value x, Value a, Value b, Scalar beta, Scalar alpha) {
  const Value products = product_of_matrices(mx, a, b);
  return weighted_sum(mx, x, mx("sum", products, std::vector<int>{0}, std::nullopt), beta, alpha);
}
Value addmv(Mlx& mx, Value x, Value matrix, Value vector, Scalar beta, Scalar alpha) {
  return weighted_sum(mx, x, product_of_matrices(mx, matrix, vector), beta, alpha);
}
Value addr(Mlx& mx, Value x, Value a, Value b, Scalar beta, Scalar alpha) {
  return weighted_sum(mx, x, mx("outer", a, b), beta, alpha);
}

Value linalg_cross(Mlx& mx, Value a, Value b, std::int64_t dim) {
  const Sizes sizes = common_sizes(mx, {a, b});
  const Value left = broadcast(mx, a, sizes), right = broadcast(mx, b, sizes);
  return mx("cross", left, right, mx.axis(left, dim));
}
// Without an axis: the first one of three elements.
Value cross(Mlx& mx, Value a, Value b, std::optional<std::int64_t> dim) {
  if (dim) return linalg_cross(mx, a, b, *dim);
  const auto it = std::ranges::find(mx.shape(a), Dim(3));
  if (it == mx.shape(a).end()) mx.refuse("no axis of three elements");
  return linalg_cross(mx, a, b, it - mx.shape(a).begin());
}

// Distances of all rows of a to all rows of b.
Value cdist(Mlx& mx, Value a, Value b, double p, std::optional<std::int64_t>) {
  const int rank = std::max(mx.rank(a), mx.rank(b));
  const Value apart = mx("abs", mx("subtract", expanded(mx, a, mx.rank(a) - 1), expanded(mx, b, mx.rank(b) - 2)));
  const std::vector<int> last{rank};
  if (mx.shape(a).back() == Dim(0)) {
    const Value none = mx("sum", apart, last, std::nullopt);
    return none;
  }
  if (p == 0) return mx("sum", mx.cast(mx("not_equal", apart, 0), mx.dtype(a)), last, std::nullopt);
  if (std::isinf(p)) return mx("max", apart, last, std::nullopt);
  if (p == 1) return mx("sum", apart, last, std::nullopt);
  if (p == 2) return mx("sqrt", mx("sum", mx("square", apart), last, std::nullopt));
  return mx("power", mx("sum", mx("power", apart, p), last, std::nullopt), 1 / p);
}
Value euclidean(Mlx& mx, Value a, Value b) { return cdist(mx, a, b, 2, {}); }

// Distances of every two rows, of each pair once.
Value pdist(Mlx& mx, Value x, double p) {
  const auto count = mx.shape(x).at(0).constant();
  if (!count) mx.refuse("pairs of rows whose number is not constant");
  Ints64 places;
  for (std::int64_t i = 0; i < *count; ++i)
    for (std::int64_t j = i + 1; j < *count; ++j) places.push_back(i * *count + j);
  if (places.empty()) return mx("full", Sizes{0}, 0, mx.dtype(x));
  const Value all = mx("reshape", cdist(mx, x, x, p, {}), std::vector<int>{-1});
  return mx("take", all, mx.literal("pairs", places, {static_cast<std::int64_t>(places.size())}), 0);
}

Value powered(Mlx& mx, Value matrix, std::int64_t n) {
  if (n < 0) return powered(mx, mx("inv", matrix), -n);
  if (n == 0) {
    const Size size = mx.dim(matrix, -1);
    return broadcast(mx, mx("eye", size, std::nullopt, mx.dtype(matrix)), mx.dims(matrix));
  }
  // By squaring, as torch does.
  std::optional<Value> product;
  for (Value square = matrix;; square = product_of_matrices(mx, square, square)) {
    if (n & 1) product = product ? product_of_matrices(mx, *product, square) : square;
    if ((n >>= 1) == 0) return *product;
  }
}

// Norms of the matrices in two axes.
struct MatrixAxes {
  int row, column;
  bool keepdim;
};
Value over_axes(Mlx& mx, std::string_view op, Value x, std::vector<int> axes, bool keepdim) {
  return mx.unchecked(op, x, axes, keepdim ? std::optional(true) : std::nullopt);
}
MatrixAxes matrix_axes(Mlx& mx, Value x, const Ints64& dim, bool keepdim) {
  return {mx.axis(x, dim.at(0)), mx.axis(x, dim.at(1)), keepdim};
}
Value frobenius(Mlx& mx, Value x, const MatrixAxes& axes) {
  const Value size = mx("abs", x);
  return mx("sqrt", over_axes(mx, "sum", mx("square", size), {axes.row, axes.column}, axes.keepdim));
}
// The sum, or an extreme, of the singular values.
Value over_singular_values(Mlx& mx, std::string_view op, Value x, const MatrixAxes& axes) {
  const int first = std::min(axes.row, axes.column), second = std::max(axes.row, axes.column), last = mx.rank(x) - 1;
  const Value matrices = moved_axis(mx, moved_axis(mx, x, second, last), first, last - 1);
  const Value norm = over_axes(mx, op, singular_values(mx, matrices), {last - 1}, false);
  return axes.keepdim ? expanded(mx, expanded(mx, norm, first), second) : norm;
}
// Of matrices without elements every norm is 0, if it is defined.
Value zero_norm(Mlx& mx, Value x, const MatrixAxes& axes) {
  Sizes sizes;
  for (int i = 0; i < mx.rank(x); ++i)
    if (i != axes.row && i != axes.column)
      sizes.push_back(mx.dim(x, i));
    else if (axes.keepdim)
      sizes.emplace_back(1);
  return mx("full", sizes, 0, mx.dtype(x));
}
// The largest (or least) sum along one of the axes; singular values for 2 and the nuclear norm.
Value matrix_norm(Mlx& mx, Value x, Scalar ord, Ints64 dim, bool keepdim, std::optional<Dtype> dtype) {
  if (dtype) x = mx.cast(x, *dtype);
  const MatrixAxes axes = matrix_axes(mx, x, dim, keepdim);
  if (is_empty(mx, x)) return zero_norm(mx, x, axes);
  const double order = ord.constant().value_or(0);
  const std::string_view extreme = order > 0 ? "max" : "min";
  if (std::abs(order) == 1 || std::isinf(order)) {
    const bool rows = std::abs(order) == 1;
    const Value sums = over_axes(mx, "sum", mx("abs", x), {rows ? axes.row : axes.column}, true);
    const Value norm = over_axes(mx, extreme, sums, {rows ? axes.column : axes.row}, true);
    if (keepdim) return norm;
    return mx("squeeze", mx("squeeze", norm, std::max(axes.row, axes.column)), std::min(axes.row, axes.column));
  }
  if (std::abs(order) != 2) mx.refuse(fmt::format("a matrix norm of order {}", order));
  return over_singular_values(mx, extreme, x, axes);
}
Value matrix_norm_named(Mlx& mx, Value x, std::string ord, Ints64 dim, bool keepdim, std::optional<Dtype> dtype) {
  if (dtype) x = mx.cast(x, *dtype);
  const MatrixAxes axes = matrix_axes(mx, x, dim, keepdim);
  if (is_empty(mx, x)) return zero_norm(mx, x, axes);
  if (ord == "fro") return frobenius(mx, x, axes);
  if (ord != "nuc") mx.refuse(fmt::format("the norm '{}'", ord));
  return over_singular_values(mx, "sum", x, axes);
}

constexpr Lowering rows[] = {
    lower<dot, "dot(Tensor self, Tensor tensor) -> Tensor">,
    lower<vdot, "vdot(Tensor self, Tensor other) -> Tensor">,
    lower<product_of_matrices, "mv(Tensor self, Tensor vec) -> Tensor">,
    lower<outer, "outer(Tensor self, Tensor vec2) -> Tensor">,
    lower<outer, "ger(Tensor self, Tensor vec2) -> Tensor">,
    lower<inner, "inner(Tensor self, Tensor other) -> Tensor">,
    lower<kron, "kron(Tensor self, Tensor other) -> Tensor">,
    lower<vecdot, "linalg_vecdot(Tensor x, Tensor y, *, int dim=-1) -> Tensor">,
    lower<tensordot, "tensordot(Tensor self, Tensor other, int[] dims_self, int[] dims_other) -> Tensor">,
    lower<einsum, "einsum(str equation, Tensor[] tensors, *, int[]? path=None) -> Tensor">,
    lower<trilinear,
          "_trilinear(Tensor i1, Tensor i2, Tensor i3, int[] expand1, int[] expand2, int[] expand3, int[] sumdim, int "
          "unroll_dim=1) -> Tensor">,
    lower<chain, "chain_matmul(Tensor[] matrices) -> Tensor">,
    lower<chain, "linalg_multi_dot(Tensor[] tensors) -> Tensor">,
    lower<baddbmm, "baddbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor">,
    lower<addbmm, "addbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor">,
    lower<addmv, "addmv(Tensor self, Tensor mat, Tensor vec, *, Scalar beta=1, Scalar alpha=1) -> Tensor">,
    lower<addr, "addr(Tensor self, Tensor vec1, Tensor vec2, *, Scalar beta=1, Scalar alpha=1) -> Tensor">,
    lower<cross, "cross(Tensor self, Tensor other, int? dim=None) -> Tensor">,
    lower<linalg_cross, "linalg_cross(Tensor self, Tensor other, *, int dim=-1) -> Tensor">,
    lower<cdist, "cdist(Tensor x1, Tensor x2, float p=2., int? compute_mode=None) -> Tensor">,
    lower<cdist, "_cdist_forward(Tensor x1, Tensor x2, float p, int? compute_mode) -> Tensor">,
    lower<euclidean, "_euclidean_dist(Tensor x1, Tensor x2) -> Tensor">,
    lower<pdist, "_pdist_forward(Tensor self, float p=2) -> Tensor">,
    lower<powered, "matrix_power(Tensor self, int n) -> Tensor">,
    lower<powered, "linalg_matrix_power(Tensor self, int n) -> Tensor">,
    lower<matrix_norm,
          "linalg_matrix_norm(Tensor self, Scalar ord, int[] dim=[-2, -1], bool keepdim=False, *, ScalarType? "
          "dtype=None) -> Tensor">,
    lower<matrix_norm_named,
          "linalg_matrix_norm.str_ord(Tensor self, str ord=\"fro\", int[] dim=[-2, -1], bool keepdim=False, *, "
          "ScalarType? dtype=None) -> Tensor">,
};

}  // namespace

std::span<const Lowering> linalg_lowerings() { return rows; }

}  // namespace torch2mlx::ops
