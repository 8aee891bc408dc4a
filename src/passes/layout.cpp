// transpose(relu(transpose(x, axes=(0,3,1,2))), axes=(0,2,3,1))  ->  relu(x)
// A channels-first model runs channels last from end to end: convolutions come as transpose, op, transpose back.
#include <algorithm>

#include "passes/passes.h"
#include "passes/views.h"

namespace torch2mlx::passes {

void layout(Graph& graph) {
  if (std::ranges::find(graph.nodes, "transpose", &graph::Node::op) == graph.nodes.end()) return;
  std::vector<char> pinned(graph.nodes.size());
  // What sinking does not make fewer stays where the model has it; four rounds settle what depends on that.
  for (int round = 0; round < 4; ++round) {
    const auto nodes = graph.nodes;
    const auto outputs = graph.outputs;
    const auto values = graph.values;
    const auto losing = Sinker(graph, pinned).run();
    if (losing.empty()) return;
    for (const std::size_t position : losing) pinned[position] = 1;
    graph.nodes = nodes;
    graph.outputs = outputs;
    graph.values = values;
  }
}

}  // namespace torch2mlx::passes
