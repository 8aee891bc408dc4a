// what several modules compute of values that come from outside of all of them  ->  computed once around them
#include <unordered_map>

#include "passes/passes.h"
#include "passes/rewrite.h"

namespace torch2mlx::passes {
namespace {

std::uint32_t common_scope(const Graph& graph, std::uint32_t a, std::uint32_t b) {
  while (!encloses(graph, a, b)) a = graph.scopes[a].parent;
  return a;
}

// Only of values that a scope gets from around it, and of no parameters: those belong to the modules.
bool may_leave(const Graph& graph, const Node& node) {
  bool any = false, all = true;
  for (const Argument& argument : node.args)
    graph::for_each_ref(argument.value, [&](const Ref& ref) {
      const graph::Input* input = graph.input(ref);
      const bool tensor = graph.type(ref).kind == ValueKind::tensor;
      any |= tensor;
      all &= !tensor || !input || input->kind == graph::InputKind::user;
    });
  return any && all && node.op != "dropout" && node.op != "shape";
}

}  // namespace

void hoist(Graph& graph) {
  std::unordered_map<std::string, Ref> first;                       // key -> first result
  std::unordered_map<std::uint32_t, std::uint32_t> scopes, raised;  // first result -> its node's scope, and a wider one
  Rewriter rewriter(graph);
  rewriter.run([&](Node& node) -> Rewriter::Replacement {
    if (!may_leave(graph, node)) return std::nullopt;
    const auto [it, fresh] = first.try_emplace(key_of(graph, node), node.results.at(0));
    if (fresh) {
      scopes[it->second.id] = node.scope;
      return std::nullopt;
    }
    std::uint32_t& scope = scopes.at(it->second.id);
    raised[it->second.id] = scope = common_scope(graph, scope, node.scope);
    const Node& kept = *rewriter.definition(Arg(it->second));
    return std::vector<Arg>(kept.results.begin(), kept.results.end());
  });
  for (Node& node : graph.nodes)
    if (!node.results.empty())
      if (const auto it = raised.find(node.results[0].id); it != raised.end()) node.scope = it->second;
}

}  // namespace torch2mlx::passes
