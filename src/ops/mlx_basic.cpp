#include "ops/mlx_basic.h"

#include <algorithm>
#include <stdexcept>

namespace torch2mlx::ops {
namespace {

struct Bounds {
  int start, stop, step;
};

// Python's rule for slice(start, stop, step).indices(size) with a positive step.
Bounds bounds(int size, OptInt start, OptInt stop, OptInt step) {
  if (step.value_or(1) < 1) throw std::invalid_argument("a slice's step must be positive");
  const auto clamp = [&](int at) { return std::clamp(at < 0 ? at + size : at, 0, size); };
  const int first = clamp(start.value_or(0));
  return {first, std::max(first, clamp(stop.value_or(size))), step.value_or(1)};
}

OptInt part(const Slots& slice, std::size_t i) {
  return i >= slice.size() || slice[i].absent() ? OptInt() : OptInt(detail::as_int(slice[i]));
}

}  // namespace

mx::array slice_axis(A a, Int axis, OptInt start, OptInt stop, OptInt step) {
  const int at = axis < 0 ? axis + static_cast<int>(a.ndim()) : axis;
  mx::Shape from(a.ndim(), 0), to = a.shape(), by(a.ndim(), 1);
  const Bounds b = bounds(a.shape(at), start, stop, step);
  from[at] = b.start;
  to[at] = b.stop;
  by[at] = b.step;
  return mx::slice(a, from, to, by);
}

mx::array index_items(A a, Items items) {
  mx::array x = a;
  int axis = 0;
  for (const Slot& item : items) {
    if (item.absent()) {
      x = mx::expand_dims(x, axis++);
    } else if (const auto* at = item.get_if<std::int64_t>()) {
      const int index = static_cast<int>(*at);
      x = mx::squeeze(slice_axis(x, axis, index, index == -1 ? OptInt() : OptInt(index + 1), 1), axis);
    } else {
      if (const auto* slice = item.get_if<Slots>())
        x = slice_axis(x, axis, part(*slice, 0), part(*slice, 1), part(*slice, 2));
      ++axis;
    }
  }
  return x;
}

mx::array index_update(A a, A update, Items items) {
  const auto rank = static_cast<int>(a.ndim());
  mx::Shape from(rank, 0), to = a.shape(), by(rank, 1), seen;
  std::vector<int> single;
  for (int axis = 0; axis < rank; ++axis) {
    const Slot item = axis < static_cast<int>(items.size()) ? items[axis] : Slot(std::string(":"));
    Bounds b{0, a.shape(axis), 1};
    if (const auto* at = item.get_if<std::int64_t>()) {
      const int index = static_cast<int>(*at);
      b = bounds(a.shape(axis), index, index == -1 ? OptInt() : OptInt(index + 1), 1);
      single.push_back(axis);
    } else if (const auto* slice = item.get_if<Slots>()) {
      b = bounds(a.shape(axis), part(*slice, 0), part(*slice, 1), part(*slice, 2));
    }
    from[axis] = b.start, to[axis] = b.stop, by[axis] = b.step;
    if (!item.get_if<std::int64_t>()) seen.push_back((b.stop - b.start + b.step - 1) / b.step);
  }
  const mx::array whole = mx::broadcast_to(mx::astype(update, a.dtype()), seen);
  return mx::slice_update(a, mx::expand_dims(whole, single), from, to, by);
}

mx::array gather(A a, Arrays indices, Ints axes) {
  mx::Shape sizes = a.shape();
  for (const int axis : axes) sizes[axis] = 1;
  // MLX puts the index shape first and keeps the gathered axes with size 1.
  mx::array y = mx::gather(a, indices, axes, sizes);
  const int index_rank = static_cast<int>(y.ndim()) - static_cast<int>(a.ndim());
  std::vector<int> gone;
  for (const int axis : axes) gone.push_back(index_rank + axis);
  y = mx::squeeze(y, gone);
  std::vector<int> order;
  for (int i = 0; i < axes.front(); ++i) order.push_back(index_rank + i);
  for (int i = 0; i < index_rank; ++i) order.push_back(i);
  for (int i = index_rank + axes.front(); i < static_cast<int>(y.ndim()); ++i) order.push_back(i);
  return mx::transpose(y, order);
}

mx::array pad(A a, Items widths, A value) {
  std::vector<std::pair<int, int>> pairs;
  for (const Slot& width : widths) {
    const std::vector<int> pair = detail::as_ints(width);
    pairs.emplace_back(pair.at(0), pair.at(1));
  }
  return mx::pad(a, pairs, mx::astype(value, a.dtype()));
}

mx::array arange(OptInt start, Int stop, OptInt step, DType dtype) {
  return mx::arange(start.value_or(0), stop, step.value_or(1), dtype);
}

}  // namespace torch2mlx::ops
