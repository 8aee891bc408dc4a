// Views by other names, moved axes, diagonals, windows.
#include <fmt/format.h>

#include <algorithm>

#include "ops/aten_families.h"
#include "ops/indexing.h"
#include "ops/promotion.h"
#include "ops/rearrange.h"

namespace torch2mlx::ops {
namespace {

using Ints64 = std::vector<std::int64_t>;

Value identity(Mlx&, Value x) { return x; }
Value view_as(Mlx& mx, Value x, Value other) { return mx("reshape", x, mx.dims(other)); }
Value expand_as(Mlx& mx, Value x, Value other) { return broadcast(mx, x, mx.dims(other)); }
Value broadcast_to(Mlx& mx, Value x, Sizes sizes) {
  const int added = static_cast<int>(sizes.size()) - mx.rank(x);
  for (std::size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i].constant() == -1) sizes[i] = mx.dim(x, static_cast<int>(i) - added);
  return broadcast(mx, x, sizes);
}
std::vector<Value> broadcast_tensors(Mlx& mx, std::vector<Value> tensors) {
  const Sizes sizes = common_sizes(mx, tensors);
  for (Value& tensor : tensors) tensor = broadcast(mx, tensor, sizes);
  return tensors;
}
Value reshape_alias(Mlx& mx, Value x, Sizes sizes, [[maybe_unused]] Sizes strides) { return reshaped(mx, x, sizes); }
Value ravel(Mlx& mx, Value x) { return mx.rank(x) == 1 ? x : mx("reshape", x, std::vector<int>{-1}); }

Value unflatten(Mlx& mx, Value x, std::int64_t dim, Sizes sizes) {
  const int axis = mx.axis(x, dim);
  Sizes all = mx.dims(x);
  all.erase(all.begin() + axis);
  all.insert(all.begin() + axis, sizes.begin(), sizes.end());
  return reshaped(mx, x, all);
}

Value to_declared(Mlx& mx, Value x) { return mx.cast(x, mx.declared_dtype()); }
Value to_like(Mlx& mx, Value x, [[maybe_unused]] Value other) { return to_declared(mx, x); }
Value to_dtype(Mlx& mx, Value x, Dtype, [[maybe_unused]] bool non_blocking, [[maybe_unused]] bool copy) {
  return to_declared(mx, x);
}
Value to_other(Mlx& mx, Value x, Value, [[maybe_unused]] bool non_blocking, [[maybe_unused]] bool copy) {
  return to_declared(mx, x);
}
Value to_layout(Mlx& mx, Value x, std::optional<Dtype>, [[maybe_unused]] bool non_blocking,
                [[maybe_unused]] bool copy) {
  return to_declared(mx, x);
}
// Bits as they are; where sizes differ the last axis grows or shrinks, as in torch.
Value view_dtype(Mlx& mx, Value x, Dtype dtype) { return mx.dtype(x) == dtype ? x : mx("view", x, dtype); }

Value move_axes(Mlx& mx, Value x, Ints64 from, Ints64 to) {
  const int rank = mx.rank(x);
  if (rank == 0) return x;
  std::vector<int> order(rank, -1), rest = axes_up_to(rank);
  for (std::size_t i = 0; i < from.size(); ++i) {
    order[mx.axis(x, to.at(i))] = mx.axis(x, from[i]);
    std::erase(rest, mx.axis(x, from[i]));
  }
  auto next = rest.begin();
  for (int& axis : order)
    if (axis < 0) axis = *next++;
  return mx("transpose", x, order);
}
Value move_axis(Mlx& mx, Value x, std::int64_t from, std::int64_t to) { return move_axes(mx, x, {from}, {to}); }

Value swap(Mlx& mx, Value x, std::int64_t a, std::int64_t b) {
  if (mx.rank(x) == 0) return x;
  std::vector<int> axes = axes_up_to(mx.rank(x));
  std::swap(axes[mx.axis(x, a)], axes[mx.axis(x, b)]);
  return mx("transpose", x, axes);
}
Value reversed_axes(Mlx& mx, Value x) {
  std::vector<int> axes = axes_up_to(mx.rank(x));
  std::ranges::reverse(axes);
  return mx.rank(x) < 2 ? x : mx("transpose", x, axes);
}
Value matrix_transpose(Mlx& mx, Value x) { return swap(mx, x, -2, -1); }
Value adjoint(Mlx& mx, Value x) {
  if (mx.rank(x) > 0) x = swap(mx, x, -2, -1);
  return mx.dtype(x) == Dtype::complex64 ? mx("conj", x) : x;
}

template <int rank>
Value at_least(Mlx& mx, Value x) {
  if (rank > 0 && mx.rank(x) == 0) x = expanded(mx, x, 0);
  if (rank > 1 && mx.rank(x) == 1) x = expanded(mx, x, 0);
  if (rank > 2 && mx.rank(x) == 2) x = expanded(mx, x, 2);
  return x;
}
template <int rank>
std::vector<Value> all_at_least(Mlx& mx, std::vector<Value> tensors) {
  for (Value& tensor : tensors) tensor = at_least<rank>(mx, tensor);
  return tensors;
}

Value narrow(Mlx& mx, Value x, std::int64_t dim, Size start, Size length) {
  const int axis = mx.axis(x, dim);
  if (start.constant().value_or(0) < 0) start = mx.add(mx.dim(x, axis), start);
  return cut(mx, x, axis, start, mx.add(start, length));
}

Value diagonal(Mlx& mx, Value x, std::int64_t offset, std::int64_t dim1, std::int64_t dim2) {
  const int row = mx.axis(x, dim1), column = mx.axis(x, dim2);
  const auto size = mx.shape(x)[offset < 0 ? row : column].constant();
  if (size && std::abs(offset) >= *size) {
    Sizes sizes = mx.dims(x);
    sizes.erase(sizes.begin() + std::max(row, column)), sizes.erase(sizes.begin() + std::min(row, column));
    sizes.emplace_back(0);
    return mx("full", sizes, 0, mx.dtype(x));
  }
  return mx("diagonal", x, offset, row, column);
}
Value linalg_diagonal(Mlx& mx, Value x, std::int64_t offset, std::int64_t dim1, std::int64_t dim2) {
  return diagonal(mx, x, offset, dim1, dim2);
}

Value diag_embed(Mlx& mx, Value x, std::int64_t offset, std::int64_t dim1, std::int64_t dim2) {
  const int rank = mx.rank(x) + 1;
  int row = static_cast<int>(dim1 < 0 ? dim1 + rank : dim1), column = static_cast<int>(dim2 < 0 ? dim2 + rank : dim2);
  if (row > column) std::swap(row, column), offset = -offset;
  Value y = diagonal_matrix(mx, x, offset);
  y = moved_axis(mx, y, rank - 2, row);
  return moved_axis(mx, y, rank - 1, column);
}
Value diag(Mlx& mx, Value x, std::int64_t offset) {
  return mx.rank(x) == 1 ? diagonal_matrix(mx, x, offset) : diagonal(mx, x, offset, 0, 1);
}
Value diagflat(Mlx& mx, Value x, std::int64_t offset) { return diagonal_matrix(mx, ravel(mx, x), offset); }
Value trace(Mlx& mx, Value x) {
  return mx("sum", mx.cast(diagonal(mx, x, 0, 0, 1), mx.declared_dtype()), std::nullopt, std::nullopt);
}

// Strides of the elements in row-major order.
Sizes row_major(Mlx& mx, Value x) {
  const Sizes sizes = mx.dims(x);
  Sizes strides(sizes.size(), Size(1));
  for (std::size_t i = sizes.size(); i-- > 1;) strides[i - 1] = mx.mul(strides[i], sizes[i]);
  return strides;
}

// Windows of `size` along an axis, every `step`; their elements come last.
Value unfold(Mlx& mx, Value x, std::int64_t dimension, std::int64_t size, std::int64_t step) {
  if (mx.rank(x) == 0) return cut(mx, expanded(mx, x, 0), 0, std::nullopt, size);
  const int axis = mx.axis(x, dimension);
  Sizes sizes = mx.dims(x), strides = row_major(mx, x);
  sizes[axis] = mx.add(mx.floordiv(mx.sub(sizes[axis], size), step), 1);
  sizes.emplace_back(size), strides.push_back(strides[axis]);
  strides[axis] = mx.mul(strides[axis], step);
  return mx("as_strided", x, sizes, strides, std::nullopt);
}

// Does every element lie inside x, at the example's sizes and at larger ones?
bool stays_inside(Mlx& mx, Value x, const Sizes& sizes, const Sizes& strides, const Size& offset) {
  for (const std::int64_t factor : {1, 2, 3}) {
    Dim::Binding binding;
    for (const graph::Symbol& symbol : mx.graph().symbols)
      binding[symbol.name] = std::clamp(std::max<std::int64_t>(symbol.example, 2) * factor, symbol.min, symbol.max);
    std::int64_t last = mx.dim_of(offset).evaluate(binding), elements = 1;
    for (std::size_t i = 0; i < sizes.size(); ++i)
      last += (mx.dim_of(sizes[i]).evaluate(binding) - 1) * mx.dim_of(strides[i]).evaluate(binding);
    for (const Dim& dim : mx.shape(x)) elements *= dim.evaluate(binding);
    if (last >= elements) return false;
  }
  return true;
}

// The importer lets only row-major tensors come here.
Value as_strided(Mlx& mx, Value x, Sizes sizes, Sizes strides, std::optional<Size> offset) {
  const Size first = offset.value_or(0);
  if (!stays_inside(mx, x, sizes, strides, first)) mx.refuse("reads beyond the tensor itself, in its storage");
  return mx("as_strided", x, sizes, strides, first.constant() == 0 ? std::optional<Size>() : first);
}

// May two of these elements be the same one?
bool may_overlap(Mlx& mx, const Sizes& sizes, const Sizes& strides) {
  std::vector<std::pair<std::int64_t, std::int64_t>> axes;  // stride, size
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (!sizes[i].constant() || !strides[i].constant()) mx.refuse("writing by strides that are not constant");
    if (*sizes[i].constant() > 1) axes.emplace_back(*strides[i].constant(), *sizes[i].constant());
  }
  std::ranges::sort(axes);
  std::int64_t reach = 0;
  for (const auto& [stride, size] : axes) {
    if (stride <= reach) return true;
    reach += stride * (size - 1);
  }
  return false;
}

Value as_strided_scatter(Mlx& mx, Value x, Value src, Sizes sizes, Sizes strides, std::optional<Size> offset) {
  if (may_overlap(mx, sizes, strides)) mx.refuse("elements that are written twice");
  const std::vector<int> flat{-1};
  const Value all = counting(mx, product(mx, mx.dims(x)), 0, 1);
  const Value places = mx("reshape", as_strided(mx, all, sizes, strides, offset), flat);
  const Value values = mx.cast(mx("reshape", src, flat), mx.dtype(x));
  return mx("reshape", put_along(mx, mx("reshape", x, flat), places, values, 0), mx.dims(x));
}

Value pixel_shuffle(Mlx& mx, Value x, std::int64_t factor) {
  const int rank = mx.rank(x), lead = rank - 3;
  Sizes split = mx.dims(x), merged = split;
  const Size channels = mx.floordiv(split[lead], factor * factor);
  split[lead] = channels;
  split.insert(split.begin() + lead + 1, {factor, factor});
  std::vector<int> order = axes_up_to(rank + 2);
  const std::vector<int> spatial{lead, lead + 3, lead + 1, lead + 4, lead + 2};
  std::ranges::copy(spatial, order.begin() + lead);
  merged[lead] = channels;
  for (const int i : {lead + 1, lead + 2}) merged[i] = mx.mul(merged[i], factor);
  return mx("reshape", mx("transpose", mx("reshape", x, split), order), merged);
}

Value pixel_unshuffle(Mlx& mx, Value x, std::int64_t factor) {
  const int rank = mx.rank(x), lead = rank - 3;
  Sizes split = mx.dims(x), merged = split;
  for (const int i : {lead + 2, lead + 1}) {
    merged[i] = split[i] = mx.floordiv(split[i], factor);
    split.insert(split.begin() + i + 1, factor);
  }
  std::vector<int> order = axes_up_to(rank + 2);
  const std::vector<int> spatial{lead, lead + 2, lead + 4, lead + 1, lead + 3};
  std::ranges::copy(spatial, order.begin() + lead);
  merged[lead] = mx.mul(merged[lead], factor * factor);
  return mx("reshape", mx("transpose", mx("reshape", x, split), order), merged);
}

Value channel_shuffle(Mlx& mx, Value x, Size groups) {
  const Sizes sizes = mx.dims(x);
  Sizes split = sizes;
  split[1] = mx.floordiv(sizes[1], groups);
  split.insert(split.begin() + 1, groups);
  std::vector<int> order = axes_up_to(mx.rank(x) + 1);
  std::swap(order[1], order[2]);
  return mx("reshape", mx("transpose", mx("reshape", x, split), order), sizes);
}

constexpr Lowering rows[] = {
    lower<view_as, "view_as(Tensor self, Tensor other) -> Tensor">,
    lower<view_as, "reshape_as(Tensor self, Tensor other) -> Tensor">,
    lower<expand_as, "expand_as(Tensor self, Tensor other) -> Tensor">,
    lower<broadcast_to, "broadcast_to(Tensor self, SymInt[] size) -> Tensor">,
    lower<broadcast_tensors, "broadcast_tensors(Tensor[] tensors) -> Tensor[]">,
    lower<reshape_alias, "_reshape_alias(Tensor self, SymInt[] size, SymInt[] stride) -> Tensor">,
    lower<ravel, "ravel(Tensor self) -> Tensor">,
    lower<unflatten, "unflatten.int(Tensor self, int dim, SymInt[] sizes) -> Tensor">,
    lower<to_like, "type_as(Tensor self, Tensor other) -> Tensor">,
    lower<to_dtype,
          "to.device(Tensor self, Device device, ScalarType dtype, bool non_blocking=False, bool copy=False, "
          "MemoryFormat? memory_format=None) -> Tensor">,
    lower<to_dtype,
          "to.dtype(Tensor self, ScalarType dtype, bool non_blocking=False, bool copy=False, MemoryFormat? "
          "memory_format=None) -> Tensor">,
    lower<to_other,
          "to.other(Tensor self, Tensor other, bool non_blocking=False, bool copy=False, MemoryFormat? "
          "memory_format=None) -> Tensor">,
    lower<to_layout,
          "to.dtype_layout(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
          "pin_memory=None, bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> Tensor">,
    lower<view_dtype, "view.dtype(Tensor self, ScalarType dtype) -> Tensor">,
    lower<move_axis, "movedim.int(Tensor self, int source, int destination) -> Tensor">,
    lower<move_axes, "movedim.intlist(Tensor self, int[] source, int[] destination) -> Tensor">,
    lower<move_axis, "moveaxis.int(Tensor self, int source, int destination) -> Tensor">,
    lower<move_axes, "moveaxis.intlist(Tensor self, int[] source, int[] destination) -> Tensor">,
    lower<swap, "swapaxes(Tensor self, int axis0, int axis1) -> Tensor">,
    lower<swap, "swapdims(Tensor self, int dim0, int dim1) -> Tensor">,
    lower<reversed_axes, "numpy_T(Tensor self) -> Tensor">,
    lower<matrix_transpose, "mT(Tensor self) -> Tensor">,
    lower<adjoint, "mH(Tensor self) -> Tensor">,
    lower<adjoint, "adjoint(Tensor self) -> Tensor">,
    lower<adjoint, "matrix_H(Tensor self) -> Tensor">,
    lower<at_least<1>, "atleast_1d(Tensor self) -> Tensor">,
    lower<at_least<2>, "atleast_2d(Tensor self) -> Tensor">,
    lower<at_least<3>, "atleast_3d(Tensor self) -> Tensor">,
    lower<all_at_least<1>, "atleast_1d.Sequence(Tensor[] tensors) -> Tensor[]">,
    lower<all_at_least<2>, "atleast_2d.Sequence(Tensor[] tensors) -> Tensor[]">,
    lower<all_at_least<3>, "atleast_3d.Sequence(Tensor[] tensors) -> Tensor[]">,
    lower<narrow, "narrow(Tensor self, int dim, SymInt start, SymInt length) -> Tensor">,
    lower<diagonal, "diagonal(Tensor self, int offset=0, int dim1=0, int dim2=1) -> Tensor">,
    lower<linalg_diagonal, "linalg_diagonal(Tensor A, *, int offset=0, int dim1=-2, int dim2=-1) -> Tensor">,
    lower<diag, "diag(Tensor self, int diagonal=0) -> Tensor">,
    lower<diag_embed, "diag_embed(Tensor self, int offset=0, int dim1=-2, int dim2=-1) -> Tensor">,
    lower<diagflat, "diagflat(Tensor self, int offset=0) -> Tensor">,
    lower<trace, "trace(Tensor self) -> Tensor">,
    lower<unfold, "unfold(Tensor self, int dimension, int size, int step) -> Tensor">,
    lower<as_strided, "as_strided(Tensor self, SymInt[] size, SymInt[] stride, SymInt? storage_offset=None) -> Tensor">,
    lower<as_strided_scatter,
          "as_strided_scatter(Tensor self, Tensor src, SymInt[] size, SymInt[] stride, SymInt? storage_offset=None) -> "
          "Tensor">,
    lower<pixel_shuffle, "pixel_shuffle(Tensor self, int upscale_factor) -> Tensor">,
    lower<pixel_unshuffle, "pixel_unshuffle(Tensor self, int downscale_factor) -> Tensor">,
    lower<channel_shuffle, "channel_shuffle(Tensor self, SymInt groups) -> Tensor">,
    lower<identity, "lift(Tensor self) -> Tensor">,
    lower<identity, "lift_fresh(Tensor self) -> Tensor">,
};

}  // namespace

std::span<const Lowering> view_lowerings() { return rows; }

}  // namespace torch2mlx::ops
