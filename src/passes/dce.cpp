// a = exp(x); b = sin(x); return b  ->  b = sin(x); return b
#include <algorithm>
#include <set>

#include "ops/table.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace torch2mlx::passes {
namespace {

using graph::Input;
using graph::InputKind;

void drop_inputs(Graph& graph, const std::vector<char>& live) {
  std::set<std::string, std::less<>> kept;
  std::erase_if(graph.inputs, [&](const Input& input) { return !live[input.value.id] && is_fixed(graph, input); });
  for (const Input& input : graph.inputs) kept.insert(input.target);
  std::erase_if(graph.constants, [&](const auto& entry) { return !kept.contains(entry.first); });
}

// Drops the values that nothing defines any more and numbers the others in order.
void renumber(Graph& graph) {
  std::vector<std::uint32_t> ids(graph.values.size(), UINT32_MAX);
  std::vector<graph::Value> values;
  const auto define = [&](Ref& ref) {
    ids[ref.id] = static_cast<std::uint32_t>(values.size());
    values.push_back(std::move(graph.values[ref.id]));
    ref.id = ids[ref.id];
  };
  const auto use = [&](Ref& ref) { ref.id = ids[ref.id]; };
  for (Input& input : graph.inputs) define(input.value);
  for (Node& node : graph.nodes) {
    for (Argument& argument : node.args) graph::for_each_ref(argument.value, use);
    for (Ref& result : node.results) define(result);
  }
  for (graph::Output& output : graph.outputs) graph::for_each_ref(output.value, use);
  graph.values = std::move(values);
}

}  // namespace

void dce(Graph& graph) {
  std::vector<char> live(graph.values.size());
  const auto mark = [&](const Ref& ref) { live[ref.id] = 1; };
  for (const graph::Output& output : graph.outputs) graph::for_each_ref(output.value, mark);
  std::vector<char> keep(graph.nodes.size());
  for (std::size_t i = graph.nodes.size(); i-- > 0;) {
    const Node& node = graph.nodes[i];
    keep[i] = ops::requires_condition(node.op) ||
              std::ranges::any_of(node.results, [&](Ref ref) { return live[ref.id] != 0; });
    if (!keep[i]) continue;
    for (const Argument& argument : node.args) graph::for_each_ref(argument.value, mark);
  }
  std::size_t i = 0;
  std::erase_if(graph.nodes, [&](const Node&) { return keep[i++] == 0; });
  drop_inputs(graph, live);
  renumber(graph);
}

}  // namespace torch2mlx::passes
