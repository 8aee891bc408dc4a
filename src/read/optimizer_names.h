// Which parameter of the model each parameter of an optimizer is, where the file only counts them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "read/optimizer.h"

namespace torch2mlx {

struct ModelParameter {
  std::string name;  // state-dict key; of tied ones only the first
  std::vector<std::int64_t> shape;
  bool certain = true;  // false: may as well be a buffer
};

// Gives every parameter of `state` its name in the model, whose parameters come in the order of the state dict. Groups
// hold them in this order too, each a part. Names that the file tells are only checked. A parameter without tensors
// fits any shape. Throws Error(input), place `state.path`, where a name is unknown, a shape differs, or where shapes
// leave more than one way.
void name_parameters(OptimizerState& state, std::span<const ModelParameter> model);

}  // namespace torch2mlx
