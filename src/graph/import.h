// An exported program (torch.export's JSON, schema version 8) -> ATen graph.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"

namespace torch2mlx::graph {

// What a live model knows beyond its exported program. For a .pt2 file: constants only.
struct Surroundings {
  std::map<std::string, Tensor> constants;  // non-persistent buffers and lifted tensors, by name
  std::vector<Module> modules;              // every module, depth first; empty: those that the scopes name
  std::vector<std::string> state_keys;      // persistent state dict
  std::map<std::string, std::string> tied;  // key -> the key before it that shares its elements
  std::vector<std::string> guards;          // those that the program's text has lost
};

// `model_json`: the text of models/model.json. Takes time linear in its length. Nothing in it is evaluated.
// Throws Error(input) for malformed text; Error(unsupported) listing every node of a kind that cannot be imported
// (in-place ops of an undecomposed program, higher-order ops, custom objects).
Graph import_exported_program(std::string_view model_json, Surroundings surroundings);

}  // namespace torch2mlx::graph
