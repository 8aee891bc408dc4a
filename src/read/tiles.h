// Tensors whose elements are spread over several files or records: boxes that fill it, each exactly once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "read/checkpoint.h"

namespace torch2mlx {

// A box of the whole: where its first element stands, and the elements, whose shape is that of the box.
struct Tile {
  std::vector<std::int64_t> at;
  Tensor elements;
};

// The tensor of `shape` that `tiles` make; nothing is copied. Throws Error(input) at `place` for tiles that leave it,
// overlap, leave a gap or have another type, Error(unsupported) for more than a million of their crossings.
Tensor joined(const std::string& name, Dtype dtype, const std::vector<std::int64_t>& shape, std::vector<Tile> tiles,
              const std::string& place);

// Tensors of the same other sizes behind each other along `axis`.
Tensor concatenated(const std::string& name, const std::vector<Tensor>& parts, std::size_t axis,
                    const std::string& place);

}  // namespace torch2mlx
