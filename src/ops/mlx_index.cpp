#include "ops/mlx_index.h"

#include <numeric>

namespace torch2mlx::ops {

mx::array put_along_axis(A a, A indices, A values, Int axis, OptInt on_cpu) {
  const mx::StreamOrDevice where = on_cpu ? mx::StreamOrDevice(mx::Device::cpu) : mx::StreamOrDevice();
  return mx::put_along_axis(a, indices, values, axis, where);
}

mx::array scatter(A a, A values, Arrays indices, Ints axes, Combine combine) {
  std::vector<mx::array> grid = mx::broadcast_arrays(indices);
  const int index_rank = static_cast<int>(grid.at(0).ndim());
  const int first = axes.front(), count = static_cast<int>(axes.size()), rank = static_cast<int>(a.ndim());
  // x[i0, i1].shape -> index shape, then a's with the indexed axes kept at size 1: what MLX's scatter takes.
  mx::Shape shape(a.shape().begin(), a.shape().begin() + first);
  shape.insert(shape.end(), grid[0].shape().begin(), grid[0].shape().end());
  shape.insert(shape.end(), a.shape().begin() + first + count, a.shape().end());
  std::vector<int> order(index_rank);
  std::iota(order.begin(), order.end(), first);
  for (int i = 0; i < first; ++i) order.push_back(i);
  for (int i = first + index_rank; i < static_cast<int>(shape.size()); ++i) order.push_back(i);
  mx::Shape updates = grid[0].shape();
  for (int i = 0; i < rank; ++i) updates.push_back(i >= first && i < first + count ? 1 : a.shape(i));
  const mx::array given = mx::astype(mx::broadcast_to(values, shape), a.dtype());
  const mx::array moved = mx::reshape(mx::transpose(given, order), updates);
  switch (combine) {
    case Combine::add:
      return mx::scatter_add(a, grid, moved, axes);
    case Combine::multiply:
      return mx::scatter_prod(a, grid, moved, axes);
    case Combine::maximum:
      return mx::scatter_max(a, grid, moved, axes);
    default:
      return mx::scatter_min(a, grid, moved, axes);
  }
}

}  // namespace torch2mlx::ops
