#include "ops/strides.h"

#include <algorithm>

namespace torch2mlx::ops {
namespace {

using graph::Graph;
using graph::Node;
using graph::Ref;
using Numbers = std::vector<std::int64_t>;

// torch.export holds a program to the strides that its example had, so those decide for all sizes.
std::optional<Numbers> numbers(const Graph& graph, const graph::Shape& dims) {
  graph::Dim::Binding example;
  for (const graph::Symbol& symbol : graph.symbols)
    if (symbol.example > 0) example[symbol.name] = symbol.example;
  Numbers out;
  for (const graph::Dim& dim : dims) {
    if (!std::ranges::all_of(dim.symbols(), [&](const auto& name) { return example.contains(name); }))
      return std::nullopt;
    out.push_back(dim.evaluate(example));
  }
  return out;
}

struct Layout {
  Numbers sizes, strides;
};

std::optional<Layout> layout(const Graph& graph, Ref ref) {
  const graph::Value& value = graph[ref];
  if (!value.strides || value.strides->size() != value.type.shape.size()) return std::nullopt;
  auto sizes = numbers(graph, value.type.shape), strides = numbers(graph, *value.strides);
  if (!sizes || !strides) return std::nullopt;
  return Layout{*std::move(sizes), *std::move(strides)};
}

// torch's own rule (computeStride): axes that lie in memory as one make a run, and new axes must not cross its ends.
bool viewable(const Layout& from, const Numbers& to) {
  if (from.sizes.empty() || std::ranges::find(from.sizes, 0) != from.sizes.end()) return true;
  auto axis = static_cast<std::ptrdiff_t>(to.size()) - 1;
  std::int64_t step = from.strides.back(), run = 1, covered = 1;
  for (std::size_t i = from.sizes.size(); i-- > 0;) {
    run *= from.sizes[i];
    if (i > 0 && (from.sizes[i - 1] == 1 || from.strides[i - 1] == run * step)) continue;
    for (; axis >= 0 && (covered < run || to[axis] == 1); --axis) covered *= to[axis];
    if (covered != run) return false;
    if (i > 0) step = from.strides[i - 1], run = covered = 1;
  }
  return axis == -1;
}

}  // namespace

Sharing reshape_sharing(const Graph& graph, const Node& node) {
  const auto from = layout(graph, node.operand(0));
  const auto to = numbers(graph, graph.type(node.result()).shape);
  if (!from || !to) return Sharing::perhaps;
  return viewable(*from, *to) ? Sharing::always : Sharing::never;
}

Sharing conversion_sharing(const Graph& graph, const Node& node) {
  const Ref operand = node.operand(0);
  if (graph.type(operand).dtype != graph.type(node.result()).dtype) return Sharing::never;
  const graph::Arg* copy = parameter(node, node.op == "aten.to.device" ? 4 : 3, "copy");
  if (copy && *copy == graph::Arg(true)) return Sharing::never;
  const auto from = layout(graph, operand), to = layout(graph, node.result());
  // A copy that keeps the strides is made for another device alone.
  const auto to_device = [](const graph::Argument& argument) { return argument.name == "device"; };
  const bool moves = node.op == "aten.to.device" || std::ranges::any_of(node.args, to_device);
  if (!from || !to || moves) return Sharing::perhaps;
  return from->strides == to->strides ? Sharing::always : Sharing::never;
}

}  // namespace torch2mlx::ops
