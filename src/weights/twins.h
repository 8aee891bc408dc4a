// Tensors that are the same elements, as tied weights are.
#pragma once

#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "weights/layouts.h"

namespace torch2mlx::weights {

// In the same order, of the same type.
bool same_elements(const Tensor& a, const Tensor& b);

class Twins {
 public:
  explicit Twins(std::span<const Tensor> tensors);

  // The first tensor asked for that has the same elements in the same layout; nullptr where this one is it. `tensor` is
  // one of those given.
  const Text* first_of(const Tensor& tensor, const Layout& layout);

 private:
  using Identity = std::tuple<const void*, std::int64_t, Sizes, Sizes, Dtype, std::vector<int>, std::int64_t>;
  using Start = std::pair<const void*, std::int64_t>;  // an address, of what is made its own, and the offset there
  std::vector<Start> shared_;                          // where several tensors begin, sorted
  std::map<Identity, Text> first_;
};

}  // namespace torch2mlx::weights
