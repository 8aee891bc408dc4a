#include "weights/twins.h"

#include <algorithm>

namespace torch2mlx::weights {
namespace {

std::pair<const void*, std::int64_t> beginning(const Tensor& tensor) {
  if (!tensor.storage) return {};
  if (tensor.storage->made) return {tensor.storage->made.get(), tensor.offset};
  return {tensor.storage->bytes.data() + tensor.offset * static_cast<std::int64_t>(size_of(tensor.dtype)), 0};
}

}  // namespace

bool same_elements(const Tensor& a, const Tensor& b) {
  return beginning(a) == beginning(b) && a.dtype == b.dtype && a.shape == b.shape && a.strides == b.strides;
}

Twins::Twins(std::span<const Tensor> tensors) {
  std::vector<Start> all(tensors.size());
  std::ranges::transform(tensors, all.begin(), beginning);
  std::ranges::sort(all);
  for (std::size_t i = 1; i < all.size(); ++i)
    if (all[i] == all[i - 1] && (shared_.empty() || shared_.back() != all[i])) shared_.push_back(all[i]);
}

const Text* Twins::first_of(const Tensor& tensor, const Layout& layout) {
  const Start at = beginning(tensor);
  if (!std::ranges::binary_search(shared_, at)) return nullptr;
  const Identity identity{at.first,     at.second,      tensor.shape, tensor.strides,
                          tensor.dtype, layout.permute, layout.groups};
  const auto [it, first] = first_.emplace(identity, tensor.name);
  return first || it->second == tensor.name ? nullptr : &it->second;
}

}  // namespace torch2mlx::weights
