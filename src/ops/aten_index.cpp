// Reading by index tensors.
#include <algorithm>
#include <numeric>

#include "ops/aten_families.h"
#include "ops/indexing.h"
#include "ops/promotion.h"
#include "ops/rearrange.h"

namespace torch2mlx::ops {
namespace {

// x[:, mask], where nothing needs to know which rows the mask picks before they are written back: all of them.
Value every_row(Mlx& mx, Value x, Value mask, int axis) {
  if (mx.rows->find(x.ref) || mx.rows->find(mask.ref)) mx.refuse("reading by a mask of rows that another mask picks");
  Sizes sizes = mx.dims(x);
  const auto first = sizes.begin() + axis, last = first + mx.rank(mask);
  const Size all = product(mx, Sizes(first, last));
  sizes.insert(sizes.erase(first, last), all);
  const Value every = mx("reshape", x, sizes);  // another array than x, even if it looks the same
  mx.rows->mark(mx.graph(), every.ref, {mask.ref, axis});
  return every;
}

// x[i0, i1, :, i2]: index arrays broadcast together. The result's axes take the place of a run of adjacent axes, and
// come first otherwise.
Value index(Mlx& mx, Value x, std::vector<OptValue> indices) {
  auto [arrays, axes] = indexed(indices);
  if (arrays.size() == 1 && mx.rows && mx.rows->picking) return every_row(mx, x, arrays[0], axes[0]);
  for (const Value array : arrays)
    if (is_mask(mx, array)) mx.refuse("reading by a boolean mask gives a shape that depends on data");
  if (arrays.empty()) return x;
  if (arrays.size() == 1) return mx("take", x, arrays[0], axes[0]);
  if (!Indexed{arrays, axes}.adjacent()) {
    x = mx("transpose", x, with_first(mx, x, axes));
    std::iota(axes.begin(), axes.end(), 0);
  }
  return mx("gather", x, arrays, axes);
}

// Where the mask is false the indices may lie outside and are not followed.
Value masked_index(Mlx& mx, Value x, Value mask, std::vector<OptValue> indices, Scalar fill) {
  for (OptValue& array : indices)
    if (array) array = mx("where", mask, *array, 0);
  return mx("where", mask, index(mx, x, indices), stored_as(fill, mx.dtype(x)));
}

Value index_select(Mlx& mx, Value x, std::int64_t axis, Value indices) {
  // Scalars count as one element.
  if (mx.rank(x) == 0) return mx("reshape", x, std::vector<int>{});
  if (mx.rank(indices) == 0) indices = mx("expand_dims", indices, 0);
  return mx("take", x, indices, mx.axis(x, axis));
}

Value gather(Mlx& mx, Value x, std::int64_t dim, Value indices, [[maybe_unused]] bool sparse_grad) {
  const int axis = mx.axis(x, dim);
  if (is_empty(mx, indices)) return mx("full", mx.dims(indices), 0, mx.dtype(x));
  if (mx.rank(x) == 0 && mx.rank(indices) == 0) return x;
  if (mx.rank(x) == 0) x = mx("expand_dims", x, 0);
  if (mx.rank(indices) == 0) return mx("squeeze", gather(mx, x, dim, mx("expand_dims", indices, 0), false), 0);
  // torch lets the other axes of `indices` be shorter: only that part of x is read.
  for (int i = 0; i < mx.rank(x); ++i)
    if (i != axis && mx.shape(x)[i] != mx.shape(indices)[i]) x = mx("slice", x, i, 0, mx.dim(indices, i), std::nullopt);
  return mx("take_along_axis", x, indices, axis);
}

// As if x had one axis.
Value take(Mlx& mx, Value x, Value indices) { return mx("take", mx("reshape", x, std::vector<int>{-1}), indices, 0); }

Value take_along_dim(Mlx& mx, Value x, Value indices, std::optional<std::int64_t> dim) {
  const std::vector<int> flat{-1};
  if (!dim) return mx("take", mx("reshape", x, flat), mx("reshape", indices, flat), 0);
  const int axis = mx.axis(x, *dim);
  // All axes but this one broadcast together.
  Sizes sizes(mx.rank(x), Size(1)), places = sizes;
  for (int i = 0; i < mx.rank(x); ++i) {
    const Size size = mx.dim(mx.shape(x)[i] == Dim(1) ? indices : x, i);
    sizes[i] = i == axis ? mx.dim(x, i) : size;
    places[i] = i == axis ? mx.dim(indices, i) : size;
  }
  return mx("take_along_axis", broadcast(mx, x, sizes), broadcast(mx, indices, places), axis);
}

constexpr Lowering rows[] = {
    lower<index, "index.Tensor(Tensor self, Tensor?[] indices) -> Tensor">,
    lower<index, "_unsafe_index.Tensor(Tensor self, Tensor?[] indices) -> Tensor">,
    lower<masked_index, "_unsafe_masked_index(Tensor self, Tensor mask, Tensor?[] indices, Scalar fill) -> Tensor">,
    lower<take, "take(Tensor self, Tensor index) -> Tensor">,
    lower<take_along_dim, "take_along_dim(Tensor self, Tensor indices, int? dim=None) -> Tensor">,
    lower<index_select, "index_select(Tensor self, int dim, Tensor index) -> Tensor">,
    lower<gather, "gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor">,
};

}  // namespace

std::span<const Lowering> index_lowerings() { return rows; }

}  // namespace torch2mlx::ops
