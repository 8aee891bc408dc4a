// Which sizes of its inputs a graph computes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "ops/slot.h"

namespace torch2mlx::run {

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

// What does not fit the rules, one line an input. `inputs`: the user inputs in order.
std::vector<std::string> misfits(const graph::Graph& graph, const ops::Slots& inputs);

}  // namespace torch2mlx::run
