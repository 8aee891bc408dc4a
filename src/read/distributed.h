// Folders of torch.distributed.checkpoint: `.metadata`, a pickle that is read inertly, and *.distcp files of items.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/mapped_file.h"
#include "read/checkpoint.h"

namespace torch2mlx {

// Opens a part of a file as a file of its own: an item is what torch.save wrote.
using OpenPart = std::function<Checkpoint(const std::shared_ptr<const MappedFile>& part)>;

bool is_distributed_folder(const std::filesystem::path& folder);

// The tensors of the entry `key` of what was saved, or of the one that is the model. Chunks of a tensor are joined by
// their offsets. Throws Error(input) with the file: items that leave their file, chunks that no item holds, that
// overlap or leave gaps; Error(unsupported): items that are compressed.
Checkpoint read_distributed(const std::filesystem::path& folder, const std::string& key, const OpenPart& open);

}  // namespace torch2mlx
