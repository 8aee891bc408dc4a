// Checkpoints made by hand, for the tests of planning and streaming.
#pragma once

#include <cstring>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "read/checkpoint.h"

namespace torch2mlx::testing {

// Random bytes as a storage of its own; `strides` empty: contiguous.
inline Tensor make_tensor(std::string name, Dtype dtype, std::vector<std::int64_t> shape,
                          std::vector<std::int64_t> strides = {}, std::int64_t offset = 0) {
  if (strides.empty()) {
    strides.resize(shape.size());
    std::int64_t step = 1;
    for (auto axis = shape.size(); axis-- > 0; step *= shape[axis]) strides[axis] = step;
  }
  std::int64_t last = offset;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) last += (shape[axis] - 1) * strides[axis];
  auto bytes = std::make_shared<std::vector<std::byte>>((last + 1) * size_of(dtype));
  std::mt19937 random(static_cast<unsigned>(std::hash<std::string>{}(name)));
  for (auto& byte : *bytes) byte = static_cast<std::byte>(random());
  auto storage = std::make_shared<Storage>();
  storage->bytes = *bytes;
  storage->owner = bytes;
  return {std::move(name), dtype, std::move(shape), std::move(strides), offset, std::move(storage)};
}

inline Checkpoint make_checkpoint(std::vector<Tensor> tensors, std::vector<Module> modules = {}) {
  Checkpoint checkpoint;
  checkpoint.format = "by hand";
  checkpoint.path = "by-hand.pt";
  checkpoint.tensors = std::move(tensors);
  checkpoint.modules = std::move(modules);
  return checkpoint;
}

}  // namespace torch2mlx::testing
