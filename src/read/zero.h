// Checkpoints of DeepSpeed: parameters that ZeRO has spread over the ranks' files, joined by `param_shapes`.
#pragma once

#include <filesystem>

#include "read/python_values.h"

namespace torch2mlx {

// True for a folder with `latest` or with files of ranks ("..._model_states.pt").
bool is_zero_folder(const std::filesystem::path& folder);

// The parameters in float32, as ZeRO's optimizer holds them, and buffers, frozen and shared parameters beside them.
// Stages 1 and 2: a group's parameters stand behind each other in all ranks' partitions; stage 3: every rank holds its
// share of each. `folder` is that of one step or the one with `latest`. Throws Error(input) with the file: ranks that
// are missing, sizes that do not fit; Error(unsupported): parts of tensor or pipeline parallelism, experts.
Checkpoint read_zero(const std::filesystem::path& folder, const OpenObjects& open);

// What a file of it holds alone: throws where that is not the model, with the way out.
void refuse_zero_part(TorchValues& values);

}  // namespace torch2mlx
