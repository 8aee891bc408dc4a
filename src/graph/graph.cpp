#include "graph/graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace torch2mlx::graph {

bool operator==(const Arg& a, const Arg& b) {
  const auto *x = a.get_if<double>(), *y = b.get_if<double>();
  if (x && y) return std::isnan(*x) ? std::isnan(*y) : *x == *y && std::signbit(*x) == std::signbit(*y);
  return static_cast<const Arg::variant&>(a) == static_cast<const Arg::variant&>(b);
}

const Arg* Node::find(std::string_view name) const {
  const auto it = std::ranges::find(args, name, &Argument::name);
  return it == args.end() || name.empty() ? nullptr : &it->value;
}

Ref Node::operand(std::size_t i) const {
  const auto* ref = i < args.size() && args[i].name.empty() ? args[i].value.get_if<Ref>() : nullptr;
  if (!ref) throw Error(ErrorKind::input, op, fmt::format("operand {} is not a value", i));
  return *ref;
}

const Module* Graph::module(std::string_view path) const {
  const auto it = std::ranges::find(modules, path, &Module::path);
  return it == modules.end() ? nullptr : &*it;
}

const Input* Graph::input(Ref ref) const {
  const auto it = std::ranges::find(inputs, ref, &Input::value);
  return it == inputs.end() ? nullptr : &*it;
}

const Output* Graph::replacement(const Input& input) const {
  const auto it = std::ranges::find_if(
      outputs, [&](const Output& output) { return output.kind != OutputKind::user && output.target == input.target; });
  return it == outputs.end() ? nullptr : &*it;
}

Ref Graph::add_value(std::string_view name, Type type) {
  if (names_.size() != values.size()) {  // values were added or renamed by hand
    names_.clear();
    for (const Value& value : values) names_.insert(value.name);
  }
  const Ref ref{static_cast<std::uint32_t>(values.size())};
  std::string unique(name);
  for (std::uint32_t i = ref.id; unique.empty() || !names_.insert(unique).second; ++i)
    unique = fmt::format("{}_{}", name, i);
  values.push_back({std::move(unique), std::move(type)});
  return ref;
}

std::vector<bool> reached_from(const Graph& graph, Ref source) {
  std::vector<bool> reached(graph.values.size());
  reached[source.id] = true;
  for (const Node& node : graph.nodes) {
    bool any = false;
    for (const Argument& argument : node.args)
      for_each_ref(argument.value, [&](const Ref& ref) { any |= reached[ref.id]; });
    for (const Ref result : node.results) reached[result.id] = any;
  }
  return reached;
}

Condition::Shapes shapes_at(const Graph& graph, const Dim::Binding& sizes) {
  Condition::Shapes shapes;
  for (const Input& input : graph.inputs)
    if (const Type& type = graph.type(input.value); input.kind == InputKind::user && type.kind == ValueKind::tensor)
      shapes.emplace(input.target, evaluate(type.shape, sizes));
  return shapes;
}

Type key_type() { return {ValueKind::tensor, Dtype::uint32, {Dim(2)}, std::nullopt}; }

const Input* key_of(const Graph& graph) {
  const auto it = std::ranges::find(graph.inputs, true, &Input::key);
  return it == graph.inputs.end() ? nullptr : &*it;
}

std::string place_of(const Graph& graph, const Node& node) {
  std::size_t index = 0;
  if (!graph.nodes.empty() && &node >= graph.nodes.data() && &node < graph.nodes.data() + graph.nodes.size())
    index = static_cast<std::size_t>(&node - graph.nodes.data());
  const std::string name = node.results.empty() ? node.op : graph[node.results[0]].name;
  std::vector<std::string> where;
  if (const std::string& path = graph.scopes.at(node.scope).path; !path.empty()) where.push_back(path);
  if (!node.place.file.empty())
    where.push_back(fmt::format("{}:{}", node.place.file.substr(node.place.file.rfind('/') + 1), node.place.line));
  const std::string text = fmt::format("node {} '{}'", index, printable(name));
  return where.empty() ? text : fmt::format("{} ({})", text, fmt::join(where, ", "));
}

}  // namespace torch2mlx::graph
