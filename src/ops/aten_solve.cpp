// Inverses, determinants, factorizations. MLX computes them on the CPU.
#include <algorithm>
#include <limits>

#include "ops/aten_families.h"
#include "ops/matrices.h"
#include "ops/rearrange.h"

namespace torch2mlx::ops {
namespace {

using Pair = std::tuple<Value, Value>;

Value inverse(Mlx& mx, Value a) {
  note_cpu(mx);
  if (is_empty(mx, a)) return a;
  return mx("inv", a);
}
Value no_errors(Mlx& mx, Value a) { return mx("full", batch_of(mx, a), 0, Dtype::int32); }

// Where a matrix is singular MLX raises an error, so what it gives is without one.
Value none_singular(Mlx& mx, Value a) {
  mx.note("a singular matrix, of which PyTorch gives a number in `info`, is an error in MLX");
  return no_errors(mx, a);
}

Pair inverse_ex(Mlx& mx, Value a, [[maybe_unused]] bool check_errors) { return {inverse(mx, a), none_singular(mx, a)}; }

// torch's own tolerance, for want of another: what float32 cannot tell from 0.
double own_tolerance(Mlx& mx, Value a) {
  const auto rows = mx.dim(a, -2).constant(), columns = mx.dim(a, -1).constant();
  if (!rows || !columns) mx.refuse("the tolerance of a pseudo-inverse of matrices whose size is not constant");
  return std::numeric_limits<float>::epsilon() * static_cast<double>(std::max(*rows, *columns));
}
Value pseudo_inverse_numbers(Mlx& mx, Value a, std::optional<double> atol, std::optional<double> rtol, bool hermitian) {
  if (!rtol) rtol = atol.value_or(0) > 0 ? 0 : own_tolerance(mx, a);
  return pseudo_inverse(mx, a, {Scalar(atol.value_or(0)), Scalar(*rtol)}, hermitian);
}
Value pseudo_inverse_tensors(Mlx& mx, Value a, OptValue atol, OptValue rtol, bool hermitian) {
  if (!atol && !rtol) return pseudo_inverse_numbers(mx, a, {}, {}, hermitian);
  const Operand absolute = atol ? Operand(*atol) : Operand(Scalar(0.0));
  if (rtol) return pseudo_inverse(mx, a, {absolute, *rtol}, hermitian);
  return pseudo_inverse(mx, a, {absolute, mx("where", mx("greater", *atol, 0), 0, own_tolerance(mx, a))}, hermitian);
}

// Of a matrix without elements it is 1, the product of no numbers.
Value determinant(Mlx& mx, Value a) {
  note_cpu(mx);
  if (is_empty(mx, a)) return mx("full", batch_of(mx, a), 1, mx.dtype(a));
  return mx("det", a);
}
// Results that nothing but torch's own backward pass reads are left out; a graph that reads them is refused.
std::tuple<Value, OptValue, OptValue> determinant_parts(Mlx& mx, Value a) {
  return {determinant(mx, a), std::nullopt, std::nullopt};
}
Pair log_determinant(Mlx& mx, Value a) {
  note_cpu(mx);
  if (is_empty(mx, a)) {
    const Sizes batch = batch_of(mx, a);
    return {mx("full", batch, 1, mx.dtype(a)), mx("full", batch, 0, mx.dtype(a))};
  }
  const std::vector<Value> parts = mx.several("slogdet", a);
  return {parts.at(0), parts.at(1)};
}
std::tuple<Value, Value, OptValue, OptValue> log_determinant_parts(Mlx& mx, Value a) {
  const auto [sign, log] = log_determinant(mx, a);
  return {sign, log, std::nullopt, std::nullopt};
}
Value logdet(Mlx& mx, Value a) {
  const auto [sign, log] = log_determinant(mx, a);
  return mx("where", mx("less", sign, 0), std::numeric_limits<double>::quiet_NaN(), log);
}

Value cholesky(Mlx& mx, Value a, bool upper) {
  note_cpu(mx);
  if (is_empty(mx, a)) return a;
  return mx("cholesky", a, upper);
}
// LAPACK stops at the first pivot that is not positive, and leaves it where it is: its number, counted from one.
Value failed_pivot(Mlx& mx, Value factor) {
  if (is_empty(mx, factor)) return no_errors(mx, factor);
  const int last = mx.rank(factor) - 1;
  const Value pivots = mx("diagonal", factor, 0, last - 1, last);
  const Value failed = mx("logical_not", mx("greater", pivots, 0));
  const Value number = mx("add", mx.cast(mx("argmax", failed, last - 1, std::nullopt), Dtype::int32), 1);
  return mx("where", mx("any", failed, std::vector<int>{last - 1}, std::nullopt), number, 0);
}
Pair cholesky_ex(Mlx& mx, Value a, bool upper, [[maybe_unused]] bool check_errors) {
  const Value factor = cholesky(mx, a, upper);
  return {factor, failed_pivot(mx, factor)};
}

// Leading axes of the two broadcast together.
std::pair<Value, Value> same_batch(Mlx& mx, Value a, Value b) {
  if (mx.rank(a) == 2 && mx.rank(b) == 2) return {a, b};
  const auto only_batch = [&](Value x) { return mx("full", batch_of(mx, x), 0, Dtype::boolean); };
  const Sizes common = common_sizes(mx, {only_batch(a), only_batch(b)});
  const auto widened = [&](Value x) {
    Sizes sizes = common;
    sizes.push_back(mx.dim(x, -2)), sizes.push_back(mx.dim(x, -1));
    return broadcast(mx, x, sizes);
  };
  return {widened(a), widened(b)};
}

// torch takes b for vectors if it has one axis, or all of a's but the last.
bool are_vectors(Mlx& mx, Value a, Value b) {
  if (mx.rank(b) == 1) return true;
  if (mx.rank(b) + 1 != mx.rank(a)) return false;
  for (int i = 0; i < mx.rank(b); ++i)
    if (mx.shape(a)[i] != mx.shape(b)[i]) return false;
  return true;
}

Value solve(Mlx& mx, Value a, Value b, bool left) {
  note_cpu(mx);
  if (are_vectors(mx, a, b)) {
    if (!left) mx.refuse("vectors on the left");
    const int last = mx.rank(b);
    const auto [matrix, columns] = same_batch(mx, a, expanded(mx, b, last));
    if (is_empty(mx, columns)) return mx("squeeze", columns, mx.rank(columns) - 1);
    const Value solution = mx("solve", matrix, columns);
    return mx("squeeze", solution, mx.rank(solution) - 1);
  }
  const auto [matrix, columns] = same_batch(mx, a, b);
  if (is_empty(mx, columns)) return columns;
  if (left) return mx("solve", matrix, columns);
  return matrix_transposed(mx, mx("solve", matrix_transposed(mx, matrix), matrix_transposed(mx, columns)));
}
Pair solve_ex(Mlx& mx, Value a, Value b, bool left, [[maybe_unused]] bool check_errors) {
  return {solve(mx, a, b, left), none_singular(mx, a)};
}
std::tuple<Value, OptValue, OptValue, OptValue> solve_parts(Mlx& mx, Value a, Value b, bool left,
                                                            [[maybe_unused]] bool check_errors) {
  return {solve(mx, a, b, left), std::nullopt, std::nullopt, std::nullopt};
}

Value solve_triangular(Mlx& mx, Value a, Value b, bool upper, bool left, bool unitriangular) {
  note_cpu(mx);
  if (unitriangular && !is_empty(mx, a)) a = mx("where", on_diagonal(mx, mx.dim(a, -2), mx.dim(a, -1), 0), 1, a);
  const auto [matrix, columns] = same_batch(mx, a, b);
  if (is_empty(mx, columns)) return columns;
  if (left) return mx("solve_triangular", matrix, columns, upper);
  const Value turned = matrix_transposed(mx, matrix);
  return matrix_transposed(mx, mx("solve_triangular", turned, matrix_transposed(mx, columns), !upper));
}
Pair triangular_solve(Mlx& mx, Value b, Value a, bool upper, bool transpose, bool unitriangular) {
  if (transpose) return {solve_triangular(mx, matrix_transposed(mx, a), b, !upper, true, unitriangular), a};
  return {solve_triangular(mx, a, b, upper, true, unitriangular), a};
}
Value cholesky_solve(Mlx& mx, Value b, Value factor, bool upper) {
  const Value turned = matrix_transposed(mx, factor);
  const Value lower = upper ? turned : factor;
  const Value half = solve_triangular(mx, lower, b, false, true, false);
  return solve_triangular(mx, upper ? factor : turned, half, true, true, false);
}
Value cholesky_inverse(Mlx& mx, Value factor, bool upper) {
  const Value identity = mx("eye", mx.dim(factor, -1), std::nullopt, mx.dtype(factor));
  return cholesky_solve(mx, broadcast(mx, identity, mx.dims(factor)), factor, upper);
}

Pair qr(Mlx& mx, Value a, std::string mode) {
  const Dim rows = mx.shape(a).at(mx.rank(a) - 2), columns = mx.shape(a).back();
  if (mode != "reduced" && !(mode == "complete" && rows == columns)) mx.refuse("QR in mode '" + mode + "'");
  note_cpu(mx);
  if (is_empty(mx, a)) {
    Sizes left = mx.dims(a), right = left;
    left.back() = right.at(right.size() - 2) = shorter_side(mx, a);
    return {mx("full", left, 0, mx.dtype(a)), mx("full", right, 0, mx.dtype(a))};
  }
  const std::vector<Value> parts = mx.several("qr", a);
  return {parts.at(0), parts.at(1)};
}
Pair qr_reduced(Mlx& mx, Value a, bool some) { return qr(mx, a, some ? "reduced" : "complete"); }

Value singular_values_by(Mlx& mx, Value a, std::optional<std::string>) { return singular_values(mx, a); }
Value eigenvalues(Mlx& mx, Value a, std::string uplo) {
  note_cpu(mx);
  if (is_empty(mx, a)) return singular_values(mx, a);
  return mx("eigvalsh", a, uplo);
}

constexpr Lowering rows[] = {
    lower<inverse, "linalg_inv(Tensor A) -> Tensor">,
    lower<inverse, "inverse(Tensor self) -> Tensor">,
    lower<inverse_ex, "linalg_inv_ex(Tensor A, *, bool check_errors=False) -> (Tensor inverse, Tensor info)">,
    lower<pseudo_inverse_numbers,
          "linalg_pinv.atol_rtol_float(Tensor self, *, float? atol=None, float? rtol=None, bool hermitian=False) -> "
          "Tensor">,
    lower<pseudo_inverse_tensors,
          "linalg_pinv.atol_rtol_tensor(Tensor self, *, Tensor? atol=None, Tensor? rtol=None, bool hermitian=False) -> "
          "Tensor">,
    lower<determinant, "linalg_det(Tensor A) -> Tensor">,
    lower<determinant, "det(Tensor self) -> Tensor">,
    lower<determinant_parts, "_linalg_det(Tensor A) -> (Tensor result, Tensor LU, Tensor pivots)">,
    lower<log_determinant, "linalg_slogdet(Tensor A) -> (Tensor sign, Tensor logabsdet)">,
    lower<log_determinant, "slogdet(Tensor self) -> (Tensor sign, Tensor logabsdet)">,
    lower<log_determinant_parts,
          "_linalg_slogdet(Tensor A) -> (Tensor sign, Tensor logabsdet, Tensor LU, Tensor pivots)">,
    lower<logdet, "logdet(Tensor self) -> Tensor">,
    lower<cholesky, "cholesky(Tensor self, bool upper=False) -> Tensor">,
    lower<cholesky, "linalg_cholesky(Tensor self, *, bool upper=False) -> Tensor">,
    lower<cholesky_ex,
          "linalg_cholesky_ex(Tensor self, *, bool upper=False, bool check_errors=False) -> (Tensor L, Tensor info)">,
    lower<cholesky_solve, "cholesky_solve(Tensor self, Tensor input2, bool upper=False) -> Tensor">,
    lower<cholesky_inverse, "cholesky_inverse(Tensor self, bool upper=False) -> Tensor">,
    lower<solve, "linalg_solve(Tensor A, Tensor B, *, bool left=True) -> Tensor">,
    lower<solve_ex,
          "linalg_solve_ex(Tensor A, Tensor B, *, bool left=True, bool check_errors=False) -> (Tensor result, Tensor "
          "info)">,
    lower<solve_parts,
          "_linalg_solve_ex(Tensor A, Tensor B, *, bool left=True, bool check_errors=False) -> (Tensor result, Tensor "
          "LU, Tensor pivots, Tensor info)">,
    lower<solve_triangular,
          "linalg_solve_triangular(Tensor self, Tensor B, *, bool upper, bool left=True, bool unitriangular=False) -> "
          "Tensor">,
    lower<triangular_solve,
          "triangular_solve(Tensor self, Tensor A, bool upper=True, bool transpose=False, bool unitriangular=False) -> "
          "(Tensor solution, Tensor cloned_coefficient)">,
    lower<qr, "linalg_qr(Tensor A, str mode=\"reduced\") -> (Tensor Q, Tensor R)">,
    lower<qr_reduced, "qr(Tensor self, bool some=True) -> (Tensor Q, Tensor R)">,
    lower<singular_values_by, "linalg_svdvals(Tensor A, *, str? driver=None) -> Tensor">,
    lower<eigenvalues, "linalg_eigvalsh(Tensor self, str UPLO=\"L\") -> Tensor">,
};

}  // namespace

std::span<const Lowering> solve_lowerings() { return rows; }

}  // namespace torch2mlx::ops
