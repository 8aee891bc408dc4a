#include <algorithm>

#include "ops/table.h"
#include "python/names.h"
#include "python/outline.h"

namespace torch2mlx::python {

using graph::Graph;
using graph::Input;
using graph::Ref;

bool Context::is_size(Ref ref) const {
  const graph::Type& type = graph.type(ref);
  return type.kind == graph::ValueKind::integer && type.size.has_value() && definer[ref.id] != npos;
}

const Input* Context::held(Ref ref, std::string_view path) const {
  if (definer[ref.id] != npos) return nullptr;
  const Input* input = graph.input(ref);
  if (!input || input->kind == graph::InputKind::user || is_global(*input)) return nullptr;
  return under(input->target, path) ? input : nullptr;
}

bool Context::is_global_constant(Ref ref) const {
  const Input* input = definer[ref.id] == npos ? graph.input(ref) : nullptr;
  return input && is_global(*input);
}

const graph::Place* Context::line(std::size_t node) const {
  const graph::Node& n = graph.nodes[node];
  const graph::Scope& scope = graph.scopes[n.scope];
  const auto layer = layers.find(node);
  if (layer != layers.end() && layer->second.path == scope.path && is_users(scope.place)) return &scope.place;
  return is_users(n.place) ? &n.place : nullptr;
}

namespace {

std::set<Ref> values_within_lines(const Context& context) {
  std::set<Ref> within;
  for (const std::size_t node : context.live)
    for (const graph::Argument& argument : context.graph.nodes[node].args)
      graph::for_each_ref(argument.value, [&](const Ref& ref) {
        const std::size_t definer = context.definer[ref.id];
        const graph::Place* line = definer == Context::npos ? nullptr : context.line(definer);
        const graph::Place* user = line ? context.line(node) : nullptr;
        if (user && user->line == line->line && user->file == line->file) within.insert(ref);
      });
  return within;
}

std::set<std::size_t> live_nodes(const Graph& graph, const Context& context) {
  std::set<std::size_t> live;
  std::vector<Ref> pending;
  for (const graph::Output& output : graph.outputs)
    graph::for_each_ref(output.value, [&](const Ref& ref) { pending.push_back(ref); });
  for (const graph::Node& node : graph.nodes)
    if (ops::requires_condition(node.op)) pending.push_back(node.result());
  while (!pending.empty()) {
    const Ref ref = pending.back();
    pending.pop_back();
    const std::size_t node = context.definer[ref.id];
    if (node == Context::npos || context.is_size(ref) || !live.insert(node).second) continue;
    for (const graph::Argument& arg : graph.nodes[node].args)
      graph::for_each_ref(arg.value, [&](const Ref& used) { pending.push_back(used); });
  }
  return live;
}

}  // namespace

Context make_context(const Graph& graph, ModuleTree& tree) {
  Context context{graph, tree, {}, {}, std::vector<std::size_t>(graph.values.size(), Context::npos), {}};
  for (std::size_t i = 0; i < graph.nodes.size(); ++i)
    for (Ref ref : graph.nodes[i].results) context.definer[ref.id] = i;
  context.live = live_nodes(graph, context);
  context.layers = match_layers(graph, context.live, tree);
  context.within_line = values_within_lines(context);
  return context;
}

std::vector<Ref> Step::results(const Graph& graph) const { return call ? call->outputs : graph.nodes[node].results; }

std::vector<std::string> foreign_modules(const Step& step, std::string_view path) {
  std::vector<std::string> modules;
  const auto add = [&](const std::string& module) {
    if (!under(module, path) && std::ranges::find(modules, module) == modules.end()) modules.push_back(module);
  };
  if (step.layer) add(step.layer->path);
  if (!step.call) return modules;
  add(step.call->path);
  for (const std::string& module : step.call->modules) add(module);
  return modules;
}

std::vector<Ref> used_values(const Context& context, const Step& step) {
  if (step.call) return step.call->inputs;
  std::vector<Ref> refs;
  const auto add = [&](const Ref& ref) {
    if (!context.is_size(ref)) refs.push_back(ref);
  };
  if (step.layer)
    for (const graph::Arg& arg : step.layer->args) graph::for_each_ref(arg, add);
  else
    for (const graph::Argument& arg : context.graph.nodes[step.node].args) graph::for_each_ref(arg.value, add);
  return refs;
}

}  // namespace torch2mlx::python
