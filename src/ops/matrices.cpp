#include "ops/matrices.h"

#include <algorithm>

#include "ops/rearrange.h"

namespace torch2mlx::ops {
namespace {

// Singular values up to this one, for each matrix, are taken for 0.
Operand limit(Mlx& mx, Value values, const Tolerances& tolerances) {
  const int last = mx.rank(values) - 1;
  const auto beside = [&](const Operand& tolerance) {
    return tolerance.value() && mx.rank(*tolerance.value()) > 0 ? expanded(mx, *tolerance.value(), last) : tolerance;
  };
  const auto is_zero = [](const Operand& x) { return x.scalar() && x.scalar()->constant() == 0; };
  if (is_zero(tolerances.relative)) return beside(tolerances.absolute);
  const Value largest = cut(mx, values, last, std::nullopt, 1);
  const Value share = mx("multiply", largest, beside(tolerances.relative));
  return is_zero(tolerances.absolute) ? share : mx("maximum", share, beside(tolerances.absolute));
}

}  // namespace

void note_cpu(Mlx& mx) { mx.note("MLX factorizes and inverts matrices on the CPU"); }

Sizes batch_of(Mlx& mx, Value a) {
  Sizes sizes = mx.dims(a);
  sizes.resize(sizes.size() - 2);
  return sizes;
}

Value matrix_transposed(Mlx& mx, Value a) {
  std::vector<int> axes = axes_up_to(mx.rank(a));
  std::swap(axes[axes.size() - 1], axes[axes.size() - 2]);
  return mx("transpose", a, axes);
}

Size shorter_side(Mlx& mx, Value a) {
  const Size rows = mx.dim(a, -2), columns = mx.dim(a, -1);
  if (rows.constant() && columns.constant()) return std::min(*rows.constant(), *columns.constant());
  return mx.integer("int_min", rows, columns);
}

Value singular_values(Mlx& mx, Value a) {
  note_cpu(mx);
  if (!is_empty(mx, a)) return mx("svdvals", a);
  Sizes sizes = batch_of(mx, a);
  sizes.push_back(shorter_side(mx, a));
  return mx("full", sizes, 0, mx.dtype(a));
}

Value pseudo_inverse(Mlx& mx, Value a, const Tolerances& tolerances, bool hermitian) {
  note_cpu(mx);
  if (is_empty(mx, a)) return mx("full", mx.dims(matrix_transposed(mx, a)), 0, mx.dtype(a));
  if (hermitian) a = mx("add", mx("tril", a, 0), matrix_transposed(mx, mx("tril", a, -1)));
  const std::vector<Value> parts = mx.several("svd", a);
  const Value values = parts.at(1);
  const int last = mx.rank(a) - 1;
  const Value counts = mx("greater", values, limit(mx, values, tolerances));
  const Value inverses = mx("where", counts, mx("reciprocal", values), 0);
  // MLX has all of the vectors, with those that belong to no singular value.
  const Size rank = shorter_side(mx, a);
  const Value left = cut(mx, parts.at(0), last, std::nullopt, rank);
  const Value right = cut(mx, parts.at(2), last - 1, std::nullopt, rank);
  const Value scaled = mx("multiply", matrix_transposed(mx, right), expanded(mx, inverses, last - 1));
  return mx("matmul", scaled, matrix_transposed(mx, left));
}

}  // namespace torch2mlx::ops
