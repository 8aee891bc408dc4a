// What the files of DeepSpeed's ranks hold.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "read/python_values.h"

namespace torch2mlx::zero {

using Shape = std::vector<std::int64_t>;
using Shapes = std::vector<std::pair<std::string, Shape>>;

struct ModelStates {
  std::string file;
  std::int64_t world = 0;  // how many ranks there were; 0: not told
  std::vector<Tensor> module;
  std::optional<std::vector<Shapes>> shapes;  // by group of parameters
  Shapes frozen_shapes;
  std::map<std::string, Tensor> frozen;
  std::set<std::string> buffers;
  std::vector<std::pair<std::string, std::string>> shared;  // a name and that of the same parameter
};

struct OptimizerStates {
  std::string file;
  std::int64_t stage = 0;
  std::vector<std::int64_t> partitions;  // how many there are to be, by group
  std::vector<Tensor> groups;
};

// Throws Error(input) for what is of another kind than DeepSpeed writes.
void read_model(TorchValues& values, ModelStates& states);
void read_optimizer(TorchValues& values, OptimizerStates& states);

// A list of mappings, one a group, or one mapping in older files; nothing where there is none.
std::optional<std::vector<Shapes>> param_shapes(const TorchValues& values, PickleRef ref);

// Those under the text keys of a mapping.
std::vector<Tensor> tensors_of(TorchValues& values, PickleRef map);

std::int64_t elements_of(const Shape& shape);

}  // namespace torch2mlx::zero
