// Which nodes are calls of mlx.nn layers: decided by the op and its parameters' keys, never by a class name alone.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "python/tree.h"

namespace torch2mlx::python {

struct LayerCall {
  std::string path;              // of the layer
  std::vector<graph::Arg> args;  // what it is called with
};

// By index of the node. Matched modules become layers in the tree, with their constructors. `live`: nodes that count.
std::map<std::size_t, LayerCall> match_layers(const graph::Graph& graph, const std::set<std::size_t>& live,
                                              ModuleTree& tree);

}  // namespace torch2mlx::python
