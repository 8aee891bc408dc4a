// One text for all graphs that differ in the names of their values alone.
#pragma once

#include <string>

#include "graph/graph.h"

namespace torch2mlx::cases {

struct NormalText {
  std::string header;  // symbols and inputs
  std::string body;    // nodes, without the types that inference finds; then outputs
};

// `rename`: values of nodes become a, b, c, ...
NormalText normal_text(graph::Graph graph, bool rename);

// Types that are left out are inferred; without a `return` the last statement gives the results.
graph::Graph parse_case(const std::string& text);

// Parses a section; without inputs of its own it has those of `header`.
graph::Graph parse_section(const std::string& text, const std::string& header);

// Throws Error(input) if the graph is not well formed or its text reads back as another. Of a graph that lacks types
// the text alone is checked.
void check_text(const graph::Graph& graph);

}  // namespace torch2mlx::cases
