// What torch.save of PyTorch 0.1 wrote: a tar archive of `sys_info`, `storages`, `tensors` and `pickle`, the object, in
// which the persistent id of a tensor is its number in `tensors`. Facts: legacy_load in torch/serialization.py.
#pragma once

#include <string>

#include "read/checkpoint.h"
#include "read/torch_tree.h"

namespace torch2mlx {

// Storages stay in place in the file. Throws Error(input), place "storages, byte N" with the byte of the file;
// Error(unsupported) for files of big-endian machines, which do not tell the order of their elements.
Checkpoint read_torch_tar(const std::shared_ptr<const MappedFile>& file, const Collect& collect);

}  // namespace torch2mlx
