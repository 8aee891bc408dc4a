// Splitting and joining.
#include <algorithm>
#include <functional>

#include "ops/aten_families.h"
#include "ops/rearrange.h"

namespace torch2mlx::ops {
namespace {

using Ints64 = std::vector<std::int64_t>;

std::vector<Value> split_at(Mlx& mx, Value x, const Sizes& points, int axis) {
  return points.empty() ? std::vector<Value>{x} : mx.several("split", x, points, axis);
}

std::vector<Value> split_sizes(Mlx& mx, Value x, Sizes sizes, std::int64_t dim) {
  Sizes points;
  for (std::size_t i = 0; i + 1 < sizes.size(); ++i)
    points.push_back(i == 0 ? sizes[0] : mx.add(points.back(), sizes[i]));
  return split_at(mx, x, points, mx.axis(x, dim));
}

// `parts` pieces of `size`, the last of what is left.
std::vector<Value> split_evenly(Mlx& mx, Value x, const Size& size, std::int64_t parts, int axis) {
  Sizes points;
  for (std::int64_t i = 1; i < parts; ++i) points.push_back(mx.mul(size, i));
  return split_at(mx, x, points, axis);
}

std::vector<Value> split(Mlx& mx, Value x, Size size, std::int64_t dim) {
  const int axis = mx.axis(x, dim);
  const auto total = mx.shape(x)[axis].constant(), step = size.constant();
  // Nothing splits into one part of nothing, or into as many as chunk() asked for.
  if (total == 0) {
    const std::size_t parts = mx.declared.empty() ? 1 : mx.declared.size();
    return split_at(mx, x, Sizes(parts - 1, Size(0)), axis);
  }
  if (total && step) return split_evenly(mx, x, size, *step == 0 ? 1 : (*total + *step - 1) / *step, axis);
  if (mx.declared.empty()) mx.refuse("splitting into a number of parts that depends on sizes");
  return split_evenly(mx, x, size, static_cast<std::int64_t>(mx.declared.size()), axis);
}

std::vector<Value> chunk(Mlx& mx, Value x, std::int64_t chunks, std::int64_t dim) {
  const int axis = mx.axis(x, dim);
  const auto total = mx.shape(x)[axis].constant();
  if (total) return split(mx, x, std::max<std::int64_t>(1, (*total + chunks - 1) / chunks), dim);
  const Size size = mx.floordiv(mx.add(mx.dim(x, axis), chunks - 1), chunks);
  return split(mx, x, size, dim);
}

std::vector<Value> tensor_split(Mlx& mx, Value x, std::int64_t sections, std::int64_t dim) {
  const int axis = mx.axis(x, dim);
  const Size total = mx.dim(x, axis), each = mx.floordiv(total, sections);
  // The first total % sections parts are longer by one.
  Sizes points;
  for (std::int64_t i = 1; i < sections; ++i) {
    const auto constant = total.constant();
    const Size longer = constant ? Size(std::min(i, *constant % sections))
                                 : mx.integer("int_min", mx.integer("int_mod", total, sections), i);
    points.push_back(mx.add(mx.mul(each, i), longer));
  }
  return split_at(mx, x, points, axis);
}

// Bounds may be negative, out of order or too large, as a slice's may.
std::vector<Value> tensor_split_at(Mlx& mx, Value x, Sizes indices, std::int64_t dim) {
  const int axis = mx.axis(x, dim);
  std::vector<Value> parts;
  std::optional<Size> start;
  for (const Size& stop : indices) {
    parts.push_back(cut(mx, x, axis, start, stop));
    start = stop;
  }
  parts.push_back(cut(mx, x, axis, start, std::nullopt));
  return parts;
}

// hsplit, vsplit and dsplit go along a fixed axis; hsplit along the only one of a vector.
template <int axis>
std::vector<Value> split_along(Mlx& mx, Value x, std::int64_t sections) {
  return tensor_split(mx, x, sections, mx.rank(x) == 1 ? 0 : axis);
}
template <int axis>
std::vector<Value> split_along_at(Mlx& mx, Value x, Ints64 indices) {
  return tensor_split_at(mx, x, Sizes(indices.begin(), indices.end()), mx.rank(x) == 1 ? 0 : axis);
}

std::vector<Value> unbind(Mlx& mx, Value x, std::int64_t dim) {
  const int axis = mx.axis(x, dim);
  const auto total = mx.shape(x)[axis].constant();
  if (!total) mx.refuse("unbinding an axis whose size is not constant");
  std::vector<Value> parts;
  for (std::int64_t i = 0; i < *total; ++i) parts.push_back(mx("select", x, axis, i));
  return parts;
}

Value cat(Mlx& mx, std::vector<Value> tensors, std::int64_t dim) {
  // torch lets an empty 1-d tensor join anything.
  const auto joins = [&](Value x) { return mx.rank(x) != 1 || mx.shape(x)[0] != Dim(0); };
  if (std::ranges::any_of(tensors, joins)) std::erase_if(tensors, std::not_fn(joins));
  for (Value& tensor : tensors) tensor = mx.cast(tensor, mx.declared_dtype());
  return mx("concatenate", tensors, mx.axis(tensors.at(0), dim));
}

Value stack(Mlx& mx, std::vector<Value> tensors, std::int64_t dim) {
  for (Value& tensor : tensors) tensor = mx.cast(tensor, mx.declared_dtype());
  return mx("stack", tensors, static_cast<int>(dim < 0 ? dim + mx.rank(tensors.at(0)) + 1 : dim));
}

Value hstack(Mlx& mx, std::vector<Value> tensors) {
  for (Value& tensor : tensors)
    if (mx.rank(tensor) == 0) tensor = expanded(mx, tensor, 0);
  return cat(mx, tensors, mx.rank(tensors.at(0)) == 1 ? 0 : 1);
}
Value vstack(Mlx& mx, std::vector<Value> tensors) {
  for (Value& tensor : tensors)
    while (mx.rank(tensor) < 2) tensor = expanded(mx, tensor, 0);
  return cat(mx, tensors, 0);
}
Value dstack(Mlx& mx, std::vector<Value> tensors) {
  for (Value& tensor : tensors) {
    while (mx.rank(tensor) < 2) tensor = expanded(mx, tensor, 0);
    if (mx.rank(tensor) == 2) tensor = expanded(mx, tensor, 2);
  }
  return cat(mx, tensors, 2);
}
Value column_stack(Mlx& mx, std::vector<Value> tensors) {
  for (Value& tensor : tensors) {
    if (mx.rank(tensor) == 0) tensor = expanded(mx, tensor, 0);
    if (mx.rank(tensor) == 1) tensor = expanded(mx, tensor, 1);
  }
  return cat(mx, tensors, 1);
}

constexpr Lowering rows[] = {
    lower<split, "split.Tensor(Tensor self, SymInt split_size, int dim=0) -> Tensor[]">,
    lower<split_sizes, "split.sizes(Tensor self, SymInt[] split_size, int dim=0) -> Tensor[]">,
    lower<split_sizes, "split_with_sizes(Tensor self, SymInt[] split_sizes, int dim=0) -> Tensor[]">,
    lower<split, "unsafe_split.Tensor(Tensor self, SymInt split_size, int dim=0) -> Tensor[]">,
    lower<split_sizes, "unsafe_split_with_sizes(Tensor self, SymInt[] split_sizes, int dim=0) -> Tensor[]">,
    lower<chunk, "chunk(Tensor self, int chunks, int dim=0) -> Tensor[]">,
    lower<chunk, "unsafe_chunk(Tensor self, int chunks, int dim=0) -> Tensor[]">,
    lower<tensor_split, "tensor_split.sections(Tensor self, SymInt sections, int dim=0) -> Tensor[]">,
    lower<tensor_split_at, "tensor_split.indices(Tensor self, SymInt[] indices, int dim=0) -> Tensor[]">,
    lower<split_along<1>, "hsplit.int(Tensor self, int sections) -> Tensor[]">,
    lower<split_along_at<1>, "hsplit.array(Tensor self, int[] indices) -> Tensor[]">,
    lower<split_along<0>, "vsplit.int(Tensor self, int sections) -> Tensor[]">,
    lower<split_along_at<0>, "vsplit.array(Tensor self, int[] indices) -> Tensor[]">,
    lower<split_along<2>, "dsplit.int(Tensor self, int sections) -> Tensor[]">,
    lower<split_along_at<2>, "dsplit.array(Tensor self, int[] indices) -> Tensor[]">,
    lower<unbind, "unbind.int(Tensor self, int dim=0) -> Tensor[]">,
    lower<cat, "cat(Tensor[] tensors, int dim=0) -> Tensor">,
    lower<cat, "concat(Tensor[] tensors, int dim=0) -> Tensor">,
    lower<cat, "concatenate(Tensor[] tensors, int dim=0) -> Tensor">,
    lower<stack, "stack(Tensor[] tensors, int dim=0) -> Tensor">,
    lower<hstack, "hstack(Tensor[] tensors) -> Tensor">,
    lower<vstack, "vstack(Tensor[] tensors) -> Tensor">,
    lower<dstack, "dstack(Tensor[] tensors) -> Tensor">,
    lower<column_stack, "column_stack(Tensor[] tensors) -> Tensor">,
};

}  // namespace

std::span<const Lowering> join_lowerings() { return rows; }

}  // namespace torch2mlx::ops
