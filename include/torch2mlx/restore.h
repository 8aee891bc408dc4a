// Back: MLX safetensors -> PyTorch's layouts, names and types.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "torch2mlx/convert.h"

namespace torch2mlx {

// Writes `path`: a safetensors file, or with any other extension one that torch.load(weights_only=True) reads. What was
// permuted, split, renamed or dropped comes back bit for bit; what was folded, cast or added up comes back as its
// value in MLX gives it, and report.notes say so. All or nothing, in constant memory, as `convert`.
// Throws Error(input) for an input that torch2mlx did not write (its metadata holds no record) or that lost tensors.
Report restore(const Checkpoint& checkpoint, const std::filesystem::path& path, const Options& options = {});

}  // namespace torch2mlx
