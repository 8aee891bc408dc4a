// NeMo's archives: a tar with model_config.yaml and a checkpoint of PyTorch.
#pragma once

#include <memory>

#include "base/mapped_file.h"

namespace torch2mlx {

// By the name of the file or of the archive's first member; the file is a tar.
bool looks_like_nemo(const MappedFile& file);

// Its model_weights.ckpt as a file of its own. Throws Error(input) where it holds none or is damaged,
// Error(unsupported) for weights that are spread over a folder.
std::shared_ptr<const MappedFile> nemo_weights(const std::shared_ptr<const MappedFile>& file);

}  // namespace torch2mlx
