// The Python road out of the graph: an MLX graph becomes the text of a module that computes exactly that graph.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace torch2mlx::python {

struct Options {
  std::string class_name = {};  // of the root; empty: last part of the root module's class
  std::string title = {};       // what the file was made from, for its docstring
  // Optional arguments of the root that were traced as absent: they default to None.
  std::vector<std::string> absent = {};
  std::vector<std::string> parameters = {};       // of the root's forward(), in order; empty: those of the graph
  std::map<std::string, std::string> fixed = {};  // arguments that are no tensors: the value they were traced with
  bool checks_sizes = true;                       // the root refuses sizes that the graph is not for
};

struct Source {
  std::string text;                          // of model.py
  std::string class_name;                    // of the root: takes no constructor arguments
  std::vector<std::string> keys;             // parameter keys that the classes declare, sorted
  std::vector<std::string> undeclared;       // persistent keys of the original whose shape the graph does not tell
  std::vector<std::string> assumptions;      // about sizes, which the code checks: "x.shape[2:] == (30, 30)"
  std::vector<std::string> large_constants;  // targets that belong in constants.safetensors beside the file
};

// Names longer or more numerous than this never appear inline; larger constants are loaded from a file.
inline constexpr std::int64_t largest_inline_constant = 4096;

// `graph` is an MLX graph after the passes. Throws Error(unsupported) naming the node that has no Python text, and
// Error(input) where the result would not be well formed (a name used before it is defined, a node left out).
Source generate(const graph::Graph& graph, const Options& options = {});

}  // namespace torch2mlx::python
