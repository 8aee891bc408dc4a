// Meta's own files: consolidated.00.pth, consolidated.01.pth ..., one a rank of tensor parallelism, and params.json.
#pragma once

#include <filesystem>
#include <string>

#include "read/hf_folder.h"

namespace torch2mlx {

// True for a folder with a file of that name.
bool is_consolidated_folder(const std::filesystem::path& folder);

// All parts as one model: rows and columns are joined by the axis that the layer is split along. Throws Error(input)
// for parts that are missing or do not fit, Error(unsupported) for tensors whose axis nothing tells, all of them named.
Checkpoint read_consolidated(const std::filesystem::path& folder, const OpenWeights& open);

// Throws Error(input) where `checkpoint`, read of the file `path`, is one of several such parts.
void require_whole_consolidated(const std::filesystem::path& path, const Checkpoint& checkpoint);

}  // namespace torch2mlx
