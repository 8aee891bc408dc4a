#include "normal_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "base/error.h"
#include "ops/infer.h"

namespace torch2mlx::cases {
namespace {

using graph::Graph;
using graph::Node;
using graph::Ref;
using graph::Type;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

void rename_values(Graph& graph) {
  std::set<std::string> taken;
  for (const graph::Input& input : graph.inputs) taken.insert(graph[input.value].name);
  int next = 0;
  for (const Node& node : graph.nodes)
    for (const Ref ref : node.results) {
      std::string name;
      do {
        name = std::string(1, static_cast<char>('a' + next % 26)) + (next < 26 ? "" : std::to_string(next / 26));
        ++next;
      } while (taken.contains(name));
      graph[ref].name = name;
    }
}

// Does inference find the types of a node's results by itself?
bool inferred(const Graph& graph, std::size_t index) {
  Graph copy = graph;
  for (const Ref ref : graph.nodes[index].results)
    copy[ref].type = Type{.kind = graph::ValueKind::unknown, .dtype = {}, .shape = {}, .size = {}};
  try {
    ops::infer_types(copy);
  } catch (const Error&) {
    return false;
  }
  return std::ranges::all_of(graph.nodes[index].results, [&](Ref ref) { return copy.type(ref) == graph.type(ref); });
}

// "@1" -> "@ encoder.0 <Block>", which makes the scope where it is used.
std::string with_scope_path(const std::string& line, const graph::Scope& scope, std::uint32_t index) {
  const std::string mark = fmt::format(" @{}", index);
  if (!line.ends_with(mark)) return line;
  const std::string call = scope.call ? fmt::format(" #{}", scope.call) : "";
  return line.substr(0, line.size() - mark.size()) + fmt::format(" @ {} <{}>{}", scope.path, scope.class_name, call);
}

// `return a` after `a = op(...)` is said by the op alone.
void merge_return(const Graph& graph, std::vector<std::string>& nodes, std::vector<std::string>& outputs) {
  if (graph.nodes.empty() || outputs.size() != 1 || graph.nodes.back().results.size() != 1) return;
  const std::string name = graph[graph.nodes.back().results[0]].name;
  if (outputs[0] != "return " + name) return;
  nodes.back() = nodes.back().substr(name.size() + 3);
  outputs.clear();
}

// Are values numbered as reading the text numbers them? Passes leave gaps.
bool in_text_order(const Graph& graph) {
  std::uint32_t next = 0;
  bool ordered = true;
  for (const graph::Input& input : graph.inputs) ordered &= input.value.id == next++;
  for (const Node& node : graph.nodes)
    for (const Ref ref : node.results) ordered &= ref.id == next++;
  return ordered && next == graph.values.size();
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace

NormalText normal_text(Graph graph, bool rename) {
  if (rename) rename_values(graph);
  const std::vector<std::string> typed = lines_of(print(graph)), untyped = lines_of(print(graph, {.types = false}));
  const std::size_t symbols = graph.symbols.size(), scopes = graph.scopes.size() - 1, inputs = graph.inputs.size();
  std::vector<std::string> header, nodes, outputs;
  for (std::size_t i = 0; i < symbols; ++i)
    if (!typed[i].ends_with(": 0..")) header.push_back(typed[i]);
  for (std::size_t i = 0; i < inputs; ++i) header.push_back(untyped[scopes + i]);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const std::size_t at = scopes + inputs + i;
    const std::uint32_t scope = graph.nodes[i].scope;
    nodes.push_back(
        with_scope_path(inferred(graph, i) ? untyped[at] : typed[symbols + at], graph.scopes[scope], scope));
  }
  for (std::size_t at = scopes + inputs + graph.nodes.size(); at < untyped.size(); ++at) outputs.push_back(untyped[at]);
  if (rename) merge_return(graph, nodes, outputs);
  return {joined(header), joined(nodes) + joined(outputs)};
}

Graph parse_case(const std::string& text) {
  Graph graph = graph::parse(text);
  ops::infer_types(graph);
  if (graph.outputs.empty() && !graph.nodes.empty())
    for (const Ref ref : graph.nodes.back().results) graph.outputs.push_back({ref, graph::OutputKind::user, {}});
  return graph;
}

Graph parse_section(const std::string& text, const std::string& header) {
  // An input line is the only statement that has its colon after one word.
  for (const std::string& line : lines_of(text)) {
    const std::size_t colon =
        line.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.");
    if (colon != 0 && colon != line.npos && line[colon] == ':') return parse_case(text);
  }
  return parse_case(header + text);
}

void check_text(const Graph& graph) {
  const bool typed =
      std::ranges::none_of(graph.values, [](const auto& v) { return v.type.kind == graph::ValueKind::unknown; });
  if (typed) graph::check(graph);
  const graph::PrintOptions options{.types = typed, .places = true};
  const std::string text = print(graph, options);
  const Graph again = graph::parse(text);
  if (print(again, options) != text || (typed && in_text_order(graph) && !same(again, graph)))
    throw Error(ErrorKind::input, "graph", "the text of the graph reads back as another:\n" + text);
}

}  // namespace torch2mlx::cases
