// Elements that are computed from other tensors while they are written.
#pragma once

#include <cstdint>

#include "base/dtype.h"

namespace torch2mlx::weights {

class Scratch;

// A row-major run of elements; what it is made of must outlive it.
class Computed {
 public:
  Computed(std::int64_t count, Dtype type) : size(count), dtype(type) {}
  virtual ~Computed() = default;
  Computed(const Computed&) = delete;
  Computed& operator=(const Computed&) = delete;

  // Elements first .. first + count to `out`, at most 512 KiB of them (as float32). `first` is a multiple of 128, the
  // largest group of a quantized row, and so is `count` but at the end.
  virtual void read(std::int64_t first, std::int64_t count, std::byte* out, Scratch& scratch) const = 0;

  const std::int64_t size;
  const Dtype dtype;
};

}  // namespace torch2mlx::weights
