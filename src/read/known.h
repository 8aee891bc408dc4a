// Inputs that are known and are no model that is read: what they are, and the way out. One table a kind.
#pragma once

#include <filesystem>
#include <string>

#include "read/checkpoint.h"
#include "read/zip.h"

namespace torch2mlx {

// Files of other formats, by their first bytes and names. Throws Error(unsupported), or returns.
void refuse_known_file(const MappedFile& file);

// The same for zip archives without data.pkl, by the names of their members.
void refuse_known_archive(const ZipArchive& archive);

// A file that is one of several by its name, where `path` has its fellows beside it: a shard, a rank's. Throws
// Error(input).
void refuse_part(const std::filesystem::path& path);

// What a folder without weights of its own holds instead: "a pipeline of diffusers". Throws Error(input), always.
[[noreturn]] void refuse_folder(const std::filesystem::path& folder);

// Throws Error(input) where no tensor, or none of the weights, has elements: what is left of a model whose parameters
// were spread over ranks.
void require_elements(const Checkpoint& checkpoint);

}  // namespace torch2mlx
