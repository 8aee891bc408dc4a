// The passes in the order they run.
#pragma once

#include <span>
#include <string_view>

#include "graph/graph.h"

namespace torch2mlx::passes {

struct Pass {
  std::string_view name;
  void (*run)(graph::Graph&);
};

std::span<const Pass> pipeline();

// All of them, on a graph as lowering leaves it. Builds without NDEBUG check the graph and its text after every pass.
void run(graph::Graph& graph);

// By name, nullptr if there is none.
const Pass* find_pass(std::string_view name);

}  // namespace torch2mlx::passes
