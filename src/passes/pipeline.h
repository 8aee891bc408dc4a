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

// Throws Error(input), naming the pass, if what it left is not well formed, does not agree with the table of ops, or
// reads back from its text as another graph.
void verify(const graph::Graph& graph, std::string_view pass);

enum class Verify : bool { no, after_every_pass };

// All of them, on a graph as lowering leaves it. Tests verify; it takes longer than the passes themselves.
void run(graph::Graph& graph, Verify when = Verify::no);

// By name, nullptr if there is none.
const Pass* find_pass(std::string_view name);

}  // namespace torch2mlx::passes
