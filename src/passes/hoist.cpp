// what several modules compute of values that come from outside of all of them  ->  computed once around them
#include <unordered_map>

#include "ops/table.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace torch2mlx::passes {
namespace {

std::uint32_t common_scope(const Graph& graph, std::uint32_t a, std::uint32_t b) {
  while (!encloses(graph, a, b)) a = graph.scopes[a].parent;
  return a;
}

// Only of values that a scope gets from around it, and of no parameters: those belong to the modules.
bool may_leave(const Rewriter& r, const Node& node) {
  const Graph& graph = r.graph();
  bool any = false, all = true;
  for (const Argument& argument : node.args)
    graph::for_each_ref(argument.value, [&](const Ref& ref) {
      const graph::Input* input = r.definition(Arg(ref)) ? nullptr : graph.input(ref);
      const bool tensor = graph.type(ref).kind == ValueKind::tensor;
      any |= tensor;
      all &= !tensor || !input || input->kind == graph::InputKind::user;
    });
  return any && all && !ops::draws(node.op) && node.op != "shape";
}

// The scope right below `outer` that holds `scope`.
std::uint32_t branch(const Graph& graph, std::uint32_t outer, std::uint32_t scope) {
  while (scope != outer && graph.scopes[scope].parent != outer) scope = graph.scopes[scope].parent;
  return scope;
}

// Is nothing that the node takes made in the part that it would leave?
bool free_of(const Rewriter& r, const Node& node, std::uint32_t part) {
  bool free = true;
  for (const Argument& argument : node.args)
    graph::for_each_ref(argument.value, [&](const Ref& ref) {
      const Node* source = r.definition(Arg(ref));
      free &= !source || !encloses(r.graph(), part, source->scope);
    });
  return free;
}

}  // namespace

void hoist(Graph& graph) {
  std::unordered_map<std::string, Ref> first;             // key -> first result
  std::unordered_map<std::uint32_t, std::uint32_t> home;  // first result -> scope of its node, wider ones included
  Rewriter r(graph);
  r.run([&](Node& node) -> Rewriter::Replacement {
    if (!may_leave(r, node)) return std::nullopt;
    const auto [it, fresh] = first.try_emplace(key_of(graph, node), node.results.at(0));
    const std::uint32_t before = fresh ? node.scope : home.at(it->second.id);
    const std::uint32_t around = common_scope(graph, before, node.scope);
    const bool leaves = before != around && !free_of(r, node, branch(graph, around, before));
    if (fresh || leaves) {
      it->second = node.results[0];
      home[it->second.id] = node.scope;
      return std::nullopt;
    }
    home[it->second.id] = around;
    const Node& kept = *r.definition(Arg(it->second));
    return std::vector<Arg>(kept.results.begin(), kept.results.end());
  });
  for (Node& node : graph.nodes)
    if (!node.results.empty())
      if (const auto it = home.find(node.results[0].id); it != home.end()) node.scope = it->second;
}

}  // namespace torch2mlx::passes
