// An MLX graph as functions in a .mlxfn file, for mx.import_function in Python, C++ and Swift.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "run/executor.h"
#include "run/input_sizes.h"

namespace torch2mlx::run {

struct MlxfnOptions {
  std::vector<Sizes> traces;  // one function each; empty: the sizes of the example inputs
  bool gpu = false;           // where the operations run; an MLX without a GPU writes files for one too
  // Parameters are keyword inputs by state-dict key, to be loaded from model.safetensors, instead of part of the file.
  bool weights_as_inputs = false;
};

struct Mlxfn {
  std::vector<graph::Condition::Shapes> traces;  // of the inputs of each function
  std::string metadata;                          // JSON in the file: inputs, outputs, state, traces, weights
};

// Writes `path`. Positional inputs are the graph's user inputs in order, results its outputs that are arrays, then the
// new values of buffers that the model updates; those buffers are keyword inputs. `parameters` as Executor::run takes.
// Throws Error(unsupported) for inputs that are no arrays and for what MLX cannot write to such a file.
Mlxfn export_mlxfn(const Executor& executor, const Arrays& parameters, const std::filesystem::path& path,
                   const MlxfnOptions& options = {});

}  // namespace torch2mlx::run
