// What torch.save wrote after the tar of 0.1 and before 1.6: five pickles (a magic number, 1001, facts about the
// machine, the object, the keys of its storages), then each storage as an int64 count and its elements.
#pragma once

#include <string>

#include "read/checkpoint.h"
#include "read/torch_tree.h"

namespace torch2mlx {

// Storages stay in place in the file. Throws Error(input), place "object, byte N" with the byte of the file, for damage
// and for bytes behind the last storage; Error(unsupported) for a pickle that is not of torch.save.
Checkpoint read_torch_stream(const std::shared_ptr<const MappedFile>& file, const Collect& collect);

// True if the bytes begin with a pickle that may be the magic number.
bool looks_like_pickle(std::span<const std::byte> bytes);

}  // namespace torch2mlx
