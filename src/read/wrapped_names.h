// Names that a wrapper around the model added: torch.compile's `_orig_mod`, DataParallel's and DDP's `module`, those of
// FSDP and of activation checkpointing.
#pragma once

#include "read/checkpoint.h"

namespace torch2mlx {

// Takes `_orig_mod` and the like out of every key and path, and `module` off their beginning where every key has it, as
// often as it does. A note says how many were renamed. Throws Error(input) where two keys would become one.
void unwrap_names(Checkpoint& checkpoint);

}  // namespace torch2mlx
