#include "weights/arrange.h"

#include <fmt/format.h>

#include <algorithm>

#include "layers/layers.h"

namespace torch2mlx::weights {
namespace {

// Axis 0 as two: `count` parts and what is in each.
void split_first(Tensor& tensor, std::int64_t count) {
  std::vector<std::int64_t> shape = tensor.shape, strides = tensor.strides;
  shape[0] /= count;
  strides.insert(strides.begin(), strides[0] * shape[0]);
  shape.insert(shape.begin(), count);
  tensor.shape = shape;
  tensor.strides = strides;
}

void permute_axes(Tensor& tensor, std::span<const int> axes) {
  std::vector<std::int64_t> shape, strides;
  for (const int axis : axes) {
    shape.push_back(tensor.shape[axis]);
    strides.push_back(tensor.strides[axis]);
  }
  tensor.shape = shape;
  tensor.strides = strides;
}

// (0, permute...) with every axis behind the groups one further.
std::vector<int> behind_groups(std::span<const int> permute) {
  std::vector<int> axes{0};
  for (const int axis : permute) axes.push_back(axis + 1);
  return axes;
}

}  // namespace

Sizes with_rows(const Sizes& shape, std::int64_t rows) {
  std::vector<std::int64_t> sizes = shape;
  sizes[0] = rows;
  return sizes;
}

Tensor rows_of(const Tensor& tensor, std::int64_t begin, std::int64_t end) {
  Tensor view = tensor;
  view.shape = with_rows(tensor.shape, end - begin);
  view.offset += begin * view.strides[0];
  return view;
}

Tensor arranged(const Tensor& tensor, std::span<const int> permute, std::int64_t groups) {
  Tensor view = tensor;
  if (permute.empty()) return view;
  if (groups == 1) {
    permute_axes(view, permute);
  } else {
    split_first(view, groups);
    permute_axes(view, behind_groups(permute));
  }
  return view;
}

std::vector<std::int64_t> arranged_shape(std::span<const std::int64_t> shape, std::span<const int> permute,
                                         std::int64_t groups) {
  if (permute.empty()) return {shape.begin(), shape.end()};
  std::vector<std::int64_t> result;
  for (const int axis : permute) result.push_back(axis == 0 ? shape[0] / groups : shape[axis]);
  result[0] *= groups;
  return result;
}

std::string arrangement_problem(std::span<const std::int64_t> shape, std::span<const int> permute,
                                std::int64_t groups) {
  if (permute.empty()) return {};
  for (int axis = 0; axis < static_cast<int>(permute.size()); ++axis)
    if (std::ranges::count(permute, axis) != 1) return "its layout is not a permutation of its axes";
  if (permute.size() != shape.size())
    return fmt::format("rank {}, but its permutation has {} axes", shape.size(), permute.size());
  if (groups < 1 || shape[0] % groups != 0 || (groups > 1 && permute[0] == 0))
    return fmt::format("{} groups do not divide {} channels", groups, shape[0]);
  return {};
}

Tensor restored(const Tensor& stored, std::span<const int> permute, std::int64_t groups) {
  Tensor view = stored;
  if (permute.empty()) return view;
  if (groups == 1) {
    permute_axes(view, layers::inverse(permute));
    return view;
  }
  split_first(view, groups);
  permute_axes(view, layers::inverse(behind_groups(permute)));
  return view;
}

}  // namespace torch2mlx::weights
