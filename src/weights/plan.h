// The whole output decided before its first byte: layouts, types, offsets and the header.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "torch2mlx/convert.h"

namespace torch2mlx::weights {

struct Planned {
  const Tensor* source;      // lives in the checkpoint
  std::vector<int> permute;  // torch axes in MLX order, empty: unchanged
  Dtype dtype;
  std::vector<std::int64_t> shape;
  std::uint64_t offset, bytes;  // in the data section
};

struct Plan {
  std::vector<Planned> tensors;  // in order of their data: wider types first, then as in the source
  std::string header;            // the file up to the data section
  std::uint64_t data_bytes = 0;
  Report report;
  bool ambiguous = false;  // a problem that --layer-type would settle
};

// Problems of single tensors go to report.problems, all of them. Throws Error(input) for an input that is MLX's already
// and for a --layer-type that names no class or no tensor.
Plan plan(const Checkpoint& checkpoint, const Options& options);

// Throws Error(unsupported) with every problem as a detail, if there is any.
void require_sound(const Plan& plan, const std::filesystem::path& input);

}  // namespace torch2mlx::weights
