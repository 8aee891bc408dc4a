#include "python/hints.h"

#include <algorithm>
#include <cctype>

#include "ops/table.h"
#include "python/loops.h"
#include "python/names.h"

namespace torch2mlx::python {
namespace {

using graph::Ref;

const graph::Place* users_place(const Context& context, const Step& step) {
  if (step.call) return nullptr;
  const graph::Place& place = context.graph.nodes[step.node].place;
  return is_users(place) ? &place : nullptr;
}

bool word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// The identifier at `at`, if something else than a call, an attribute or an index follows.
std::optional<std::string> name_at(std::string_view code, std::size_t at) {
  std::size_t end = at;
  while (end < code.size() && word(code[end])) ++end;
  const std::string name(code.substr(at, end - at));
  const char next = end < code.size() ? code[end] : ')';
  if (!is_identifier(name) || name == "self" || next == '.' || next == '(' || next == '[' || next == '=')
    return std::nullopt;
  return name;
}

// "self.query(hidden_states)" for the attribute "query".
std::optional<std::string> argument_of(std::string_view code, const std::string& attribute) {
  const std::string call = "." + attribute + "(";
  const std::size_t at = code.find(call);
  if (at == std::string_view::npos || code.find(call, at + 1) != std::string_view::npos) return std::nullopt;
  return name_at(code, at + call.size());
}

std::string_view infix(const std::string& op) {
  if (op == "add") return " + ";
  if (op == "subtract") return " - ";
  if (op == "multiply") return " * ";
  if (op == "divide") return " / ";
  return op == "matmul" ? " @ " : std::string_view();
}

// Names around the only operator of that kind in the line.
std::optional<std::string> operand_of(std::string_view code, std::string_view op, std::size_t operand) {
  const std::size_t at = op.empty() ? std::string_view::npos : code.find(op);
  if (at == std::string_view::npos || code.find(op, at + 1) != std::string_view::npos) return std::nullopt;
  if (operand == 1) return name_at(code, at + op.size());
  std::size_t begin = at;
  while (begin > 0 && word(code[begin - 1])) --begin;
  if (begin == at || (begin > 0 && code[begin - 1] == '.')) return std::nullopt;
  return name_at(code, begin);
}

// "hidden_states[:, 0]" as the whole right side.
std::optional<std::string> subscripted(std::string_view code) {
  const std::size_t equal = code.find(" = ");
  const std::size_t begin = equal == std::string_view::npos ? 0 : equal + 3;
  std::size_t end = begin;
  while (end < code.size() && word(code[end])) ++end;
  if (end == code.size() || code[end] != '[' || !code.ends_with(']')) return std::nullopt;
  const std::string name(code.substr(begin, end - begin));
  return is_identifier(name) && name != "self" ? std::optional(name) : std::nullopt;
}

}  // namespace

bool same_line(const Context& context, const Step& a, const Step& b) {
  const graph::Place *left = users_place(context, a), *right = users_place(context, b);
  return left && right && left->line == right->line && left->file == right->file;
}

std::optional<std::string> line_hint(const Context& context, const Step& step, std::size_t result) {
  const graph::Place* place = users_place(context, step);
  const std::vector<std::string> names = place ? assigned_names(place->code) : std::vector<std::string>();
  if (result >= names.size() || names[result] == "_") return std::nullopt;
  return identifier(names[result]);
}

std::optional<std::string> assigned_hint(const Context& context, const Function& function, const Step& step,
                                         std::size_t result) {
  for (const Step& other : function.steps)
    if (!other.call && other.node > step.node && same_line(context, step, other)) return std::nullopt;
  return line_hint(context, step, result);
}

std::optional<std::string> parameter_hint(const Context& context, const Function& function, Ref ref) {
  for (const Step& step : function.steps) {
    if (step.call || step.layer) continue;
    const graph::Node& node = context.graph.nodes[step.node];
    const ops::Info* info = ops::find(node.op);
    for (std::size_t i = 0; info && i < node.args.size(); ++i) {
      const Ref* operand = node.args[i].value.get_if<Ref>();
      const std::string_view name = node.args[i].name.empty() && i < info->operands
                                        ? info->parameters[i].name
                                        : std::string_view(node.args[i].name);
      if (operand && *operand == ref && name.size() > 1) return std::string(name);
    }
  }
  return std::nullopt;
}

std::optional<std::string> usage_hint(const Context& context, const Function& function, Ref ref) {
  for (const Step& step : function.steps) {
    if (step.call) {  // the same value is an input of the nested function
      if (auto name = usage_hint(context, *step.call, ref)) return name;
      continue;
    }
    const graph::Place* place = users_place(context, step);
    const std::vector<Ref> used = used_values(context, step);
    if (!place || std::ranges::find(used, ref) == used.end()) continue;
    std::optional<std::string> name;
    if (step.layer && used.size() == 1)
      name = argument_of(place->code, last_part(step.layer->path));
    else if (!step.layer && used.size() == 2 && used[0] != used[1])
      name = operand_of(place->code, infix(context.graph.nodes[step.node].op), used[1] == ref ? 1 : 0);
    else if (!step.layer && used.size() == 1)
      name = subscripted(place->code);
    if (name) return identifier(*name);
  }
  return std::nullopt;
}

}  // namespace torch2mlx::python
