// How much of a model the plan knows the layers of.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "torch2mlx/convert.h"

namespace torch2mlx::weights {

// "rnn." of "rnn.weight_ih_l0".
std::string module_prefix(std::string_view key);

// Of the module tree. Without one, a module is what stands before the last dot of a key, and its class what its tensors
// told. `refused`: paths of modules with a tensor that cannot be converted, which count as such.
layers::Coverage coverage_of(const Checkpoint& checkpoint, const Options& options, const Report& report,
                             const std::set<std::string, std::less<>>& refused);

}  // namespace torch2mlx::weights
