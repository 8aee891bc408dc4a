// A permuted, strided view of a tensor and the copying of any part of it in its own order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "read/made.h"

namespace torch2mlx::weights {

// Axes of size 1 are gone and axes that lie behind each other are merged, so that equal views look equal.
struct View {
  const std::byte* data = nullptr;           // element `origin` of the storage
  const Made* made = nullptr;                // instead of data: elements are made when they are read
  std::int64_t offset = 0, origin = 0;       // of the view's first element in its storage; where `data` begins
  std::size_t size = 1;                      // bytes an element: 1, 2, 4, 8 or 16
  std::vector<std::int64_t> shape, strides;  // strides in elements

  std::int64_t elements() const;
  bool contiguous() const { return shape.empty() || (shape.size() == 1 && strides[0] == 1); }
  bool in_memory() const { return !made && contiguous(); }
  const std::byte* at(std::int64_t element) const {
    return data + (offset + element - origin) * static_cast<std::int64_t>(size);
  }
};

// `permute` lists the tensor's axes in the view's order; empty: unchanged.
View view_of(const Tensor& tensor, const std::vector<int>& permute);

// Elements first .. first + count of the view, row-major, to `out` (count * size bytes).
void gather(const View& view, std::int64_t first, std::int64_t count, std::byte* out);

// How many elements to gather at a time so that whole rows of a transpose stay together: about `bytes` bytes.
std::int64_t gather_step(const View& view, std::size_t bytes);

}  // namespace torch2mlx::weights
