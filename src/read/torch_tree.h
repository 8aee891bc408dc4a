// From the root of a PyTorch pickle to named tensors: which entry is the model, and the walk through it.
#pragma once

#include <functional>
#include <string>

#include "read/checkpoint.h"
#include "read/torch_values.h"

namespace torch2mlx {

// Names of entries: of what stands beside a model ("optimizer"), and the first of `names`, best first, that is the
// model wherever it holds tensors ("state_dict"); empty: none is.
bool is_auxiliary_entry(std::string_view name);
std::string preferred_entry(const std::vector<std::string>& names);

// What a container hands the values of its pickle to: collect_model with a key, or another reader of them.
using Collect = std::function<void(TorchValues& values, Checkpoint& checkpoint)>;

// Adds the tensors, the modules and the notes of the model in `values` to `checkpoint`. `key` names the entry ("model",
// "ema.state_dict"); without it the entry is found by what it holds, and two that could be it are an error.
void collect_model(TorchValues& values, const std::string& key, Checkpoint& checkpoint);

}  // namespace torch2mlx
