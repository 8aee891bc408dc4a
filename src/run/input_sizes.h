// Which sizes of its inputs a graph computes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "ops/slot.h"

namespace torch2mlx::run {

// A size for each symbol of a graph.
using Sizes = graph::Dim::Binding;
Sizes example_sizes(const graph::Graph& graph);

// The sizes at which the inputs have these shapes; symbols that no given shape tells keep their example's size. Throws
// Error(input) for an unknown input and for a shape that its input cannot have.
Sizes sizes_for(const graph::Graph& graph, const std::map<std::string, std::vector<std::int64_t>>& shapes);

// What one axis of a user input must be: `size`, or, where that is a symbol of its own, within `min` and `max`.
struct SizeRule {
  graph::Ref input;
  std::size_t axis = 0;
  graph::Dim size;
  std::int64_t min = 0, max = INT64_MAX;
};

// All rules, in the order of inputs and axes. A minimum of two is none: torch.export assumes it of every open size.
std::vector<SizeRule> size_rules(const graph::Graph& graph);

// Those of them that MLX does not enforce: at other sizes it computes too, and what it computes is not the model.
// Found by calling the graph on lazy arrays of other sizes.
std::vector<SizeRule> unenforced_rules(const graph::Graph& graph);

// Does MLX compute at these sizes of symbols, and the example's of all others? Whatever rules and conditions say.
bool accepts(const graph::Graph& graph, const std::map<std::string, std::int64_t>& symbols);

// What does not fit rules and conditions, one line each. `inputs`: the user inputs in order.
std::vector<std::string> misfits(const graph::Graph& graph, const ops::Slots& inputs);

}  // namespace torch2mlx::run
