// The state of an optimizer, as Optimizer.state_dict() of PyTorch gives it: {"state": {0: {"step": 5, "exp_avg":
// tensor}}, "param_groups": [{"lr": 0.1, "params": [0, 1]}]}, anywhere in a checkpoint.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "read/checkpoint.h"
#include "read/torch_values.h"

namespace torch2mlx {

// A value that is neither plain nor a tensor: a dict, a list of tensors ...
struct OpaqueValue {
  std::string class_name;
};

using OptimizerValue =
    std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<double>, Tensor, OpaqueValue>;

struct OptimizerParameter {
  std::string
      name;  // from "param_names" or the key of its state; empty: its place among the others is all that is told
  std::map<std::string, OptimizerValue> slots;  // "exp_avg", "step"; empty where no step was taken

  // That of the tensor of the highest rank among the slots, "step" apart; nothing where they tell none.
  std::optional<std::vector<std::int64_t>> shape() const;
};

struct OptimizerGroup {
  std::map<std::string, OptimizerValue> settings;  // "lr", "betas" ..., without "params" and "param_names"
  std::vector<OptimizerParameter> parameters;
};

struct OptimizerState {
  std::string path;  // steps from the root, "optimizer_states.0"; empty: the file holds nothing else
  std::vector<OptimizerGroup> groups;
  std::vector<std::string> notes;  // what was left out

  std::vector<Tensor> tensors() const;
};

// Of a plain number or a tensor of one element (learning rates and steps may be such); nothing for other values.
std::optional<double> number(const OptimizerValue& value);

// Finds the one optimizer that `values` hold by what it looks like; nothing where there is none. `key` is its path or
// the beginning of it ("optimizer_states"). Throws Error(input) where several could be meant, none is at `key`, or the
// state is damaged: a parameter in two groups, names that do not fit.
std::optional<OptimizerState> read_optimizer(TorchValues& values, const std::string& key = {});

// The same of a file, by content; nothing for formats that hold no Python objects. `verify` as for open_checkpoint.
std::optional<OptimizerState> open_optimizer(const std::filesystem::path& path, const std::string& key = {},
                                             bool verify = true);

}  // namespace torch2mlx
