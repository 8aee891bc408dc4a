// Optimizers of torch.optim and their equals in mlx.optimizers: settings, names of the state's tensors, steps.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "read/optimizer.h"

namespace torch2mlx::weights {

// How an optimizer of MLX gets torch's learning rate, which corrects or decays it within its step.
enum class LearningRate {
  constant,
  unbiased,  // lr / (1 - betas[0] ** step)
  decaying   // lr / (1 + (step - 1) * lr_decay)
};

// A setting of torch's groups. Booleans count as 0 and 1.
struct Required {
  std::string_view setting;
  std::optional<double> value = {};  // nothing: any
};

struct OptimizerRow {
  std::string_view torch;              // class of torch.optim
  std::string_view mlx;                // class of mlx.optimizers; empty: it has no counterpart
  std::vector<Required> told_by = {};  // settings by which a group is recognised
  std::vector<std::pair<std::string_view, std::string_view>> slots = {};  // torch's name -> MLX's
  std::vector<std::string_view> more_slots = {};                          // of options that `only` refuses
  std::vector<Required> only = {};               // settings of which MLX has this value alone; absent ones have it
  std::vector<std::string_view> arguments = {};  // settings that MLX calls the same
  std::string_view fixed_arguments = {};         // "bias_correction=True"
  LearningRate learning_rate = LearningRate::constant;
  bool counts_steps = false;  // a step enters the update, so that all parameters must be at one
};

// In order of recognition.
std::span<const OptimizerRow> optimizers();

struct MlxOptimizer {
  std::string class_name;               // of mlx.optimizers: "AdamW"
  std::string constructor;              // Python: "AdamW(learning_rate=0.001, betas=[0.9, 0.999], eps=1e-08, ...)"
  std::uint64_t step = 0;               // state["step"], uint64
  double learning_rate = 0;             // state["learning_rate"], float32
  std::vector<std::string> parameters;  // keys of the model's state dict
  std::map<std::string, std::vector<Tensor>> slots;  // "m" -> tensors called as their parameters, in torch's layout
};

struct MlxOptimizers {
  std::vector<MlxOptimizer> list;  // one, or those of a MultiOptimizer: groups that differ
  std::vector<std::string> notes;
};

// The row of `state`, which needs no names for this. `torch_class` ("AdamW") tells the class where the file does not:
// older files do not tell Adam from AdamW. Throws Error(unsupported), place `state.path`, for an optimizer that is not
// known or that MLX has no counterpart of; Error(input) for a class that is unknown or not that of the file.
const OptimizerRow& recognise(const OptimizerState& state, std::string_view torch_class = {});

// `state` has names (name_parameters). Throws Error(unsupported), place `state.path`, with every setting, slot and step
// that MLX cannot take over.
MlxOptimizers to_mlx(const OptimizerState& state, const OptimizerRow& row);

}  // namespace torch2mlx::weights
