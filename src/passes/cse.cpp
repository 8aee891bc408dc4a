// a = exp(x); b = exp(x); return a + b  ->  a = exp(x); return a + a
// m = shape(x, axis=0) : [s0]; n = shape(y, axis=0) : [s0]  ->  m serves for both
#include <unordered_map>

#include "ops/table.h"
#include "passes/facts.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace torch2mlx::passes {
namespace {

template <class T>
void write(std::string& key, char tag, const T& bits) {
  key += tag;
  key.append(reinterpret_cast<const char*>(&bits), sizeof bits);
}

// Equal arguments and only they give equal keys: 1, 1.0 and True differ, and so do 0.0 and -0.0.
void write(std::string& key, const Arg& arg) {
  if (const auto* ref = arg.get_if<Ref>())
    write(key, 'r', ref->id);
  else if (const auto* integer = arg.get_if<std::int64_t>())
    write(key, 'i', *integer);
  else if (const auto* real = arg.get_if<double>())
    write(key, 'd', *real);
  else if (const auto* boolean = arg.get_if<bool>())
    key += *boolean ? 'T' : 'F';
  else if (const auto* dtype = arg.get_if<Dtype>())
    write(key, 't', *dtype);
  else if (const auto* text = arg.get_if<std::string>())
    write(key, 's', text->size()), key += *text;
  else if (const auto* list = arg.get_if<List>()) {
    write(key, '[', list->size());
    for (const Arg& item : *list) write(key, item);
  } else {
    key += 'n';
  }
}

}  // namespace

std::string key_of(const Graph& graph, const Node& node) {
  if (node.results.size() == 1)
    if (const Type& type = graph.type(node.result()); type.kind == ValueKind::integer && type.size)
      return "size " + type.size->str();
  std::string key = node.op + '(';
  for (const Argument& argument : node.args) {
    key += argument.name + '=';
    write(key, argument.value);
  }
  return key;
}

namespace {

// Blocks of a model should stay alike, so a value is only shared with the scopes inside its own; and what takes nothing
// to compute is better made where it is used than handed in.
using Seen =
    std::unordered_map<std::string, std::vector<std::pair<std::uint32_t, std::vector<Ref>>>>;  // (scope, results)

const std::vector<Ref>* find(const Graph& graph, const Seen::mapped_type& entries, std::uint32_t scope, bool made) {
  for (const auto& [where, results] : entries)
    if (made ? where == scope : encloses(graph, where, scope)) return &results;
  return nullptr;
}

// Of sizes and literals alone: arange, full, and how they are laid along other axes.
bool is_made(const Graph& graph, const Node& node, const std::vector<bool>& made) {
  if (node.results.size() != 1 || graph.type(node.result()).kind != ValueKind::tensor) return false;
  const ops::Info* info = ops::find(node.op);
  bool all = info && (info->operands == 0 || places(node.op));
  for (const Argument& argument : node.args)
    graph::for_each_ref(argument.value,
                        [&](const Ref& ref) { all &= graph.type(ref).kind != ValueKind::tensor || made[ref.id]; });
  return all;
}

}  // namespace

void cse(Graph& graph) {
  Seen seen;
  seen.reserve(graph.nodes.size());
  std::vector<bool> made(graph.values.size());
  Rewriter rewriter(graph);
  rewriter.run([&](Node& node) -> Rewriter::Replacement {
    if (ops::draws(node.op)) return std::nullopt;
    const bool is_own = is_made(graph, node, made);
    if (is_own) made[node.result().id] = true;
    auto& entries = seen[key_of(graph, node)];
    if (const auto* results = find(graph, entries, node.scope, is_own))
      return std::vector<Arg>(results->begin(), results->end());
    entries.emplace_back(node.scope, node.results);
    return std::nullopt;
  });
}

}  // namespace torch2mlx::passes
