// .safetensors: 8-byte length, JSON header, data. Read as the format's text demands, stricter than its library.
#pragma once

#include <memory>

#include "read/checkpoint.h"

namespace torch2mlx {

// Tensors in order of their data. Throws Error(input), place "header" or "header, tensor 'x'".
Checkpoint read_safetensors(const std::shared_ptr<const MappedFile>& file);

// True if the first bytes can only be those of a .safetensors file.
bool looks_like_safetensors(std::span<const std::byte> bytes);

}  // namespace torch2mlx
