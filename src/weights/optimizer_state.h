// The state of a PyTorch optimizer in MLX's names and layouts, beside the model's weights.
#pragma once

#include <filesystem>
#include <string>

#include "read/optimizer.h"
#include "torch2mlx/convert.h"

namespace torch2mlx {

// Writes `path`: the flattened `state` of the optimizer of mlx.optimizers that goes on where `state` stopped: "step",
// "learning_rate" and, for each parameter of `model`, what belongs to it ("fc.weight.m", "fc.weight.v"), laid out as
// `options` lay out the parameter. Parameter groups that differ become those of a MultiOptimizer ("states.0.step").
// Metadata "optimizer": JSON, for each of them {"constructor": "AdamW(learning_rate=0.001, ...)", "parameters":
// [keys]}. `torch_class` tells the class where the file does not. report.notes say which optimizer it is and what was
// left out. Throws Error(unsupported) for what MLX's optimizers cannot take over, Error(input) where the state does not
// fit.
Report convert_optimizer(const Checkpoint& model, OptimizerState state, const std::filesystem::path& path,
                         const Options& options = {}, const std::string& torch_class = {});

// That of the input itself; of a folder, its optimizer.pt. Throws Error(input) where there is none.
OptimizerState find_optimizer(const std::filesystem::path& input);

}  // namespace torch2mlx
