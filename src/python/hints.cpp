#include "python/hints.h"

#include <algorithm>
#include <cctype>
#include <span>

#include "ops/table.h"
#include "python/loops.h"
#include "python/names.h"

namespace torch2mlx::python {
namespace {

using graph::Ref;

const graph::Place* line_of(const Context& context, const Step& step) {
  if (!step.call) return context.line(step.node);
  const graph::Place& place = context.graph.scopes[step.call->scope].place;
  return is_users(place) ? &place : nullptr;
}

// Places in f.steps of those that take a value.
std::span<const std::size_t> users_of(const Function& f, Ref ref) {
  const auto it = f.users.find(ref);
  return it == f.users.end() ? std::span<const std::size_t>() : std::span(it->second);
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
  const graph::Place *left = line_of(context, a), *right = line_of(context, b);
  return left && right && left->line == right->line && left->file == right->file;
}

std::optional<std::string> line_hint(const Context& context, const Step& step, std::size_t result) {
  // Functions return their values in the order in which they are made, not in the user's.
  if (step.call && step.call->outputs.size() > 1) return std::nullopt;
  const graph::Place* place = line_of(context, step);
  const std::vector<std::string> names = place ? assigned_names(place->code) : std::vector<std::string>();
  if (result >= names.size() || names[result] == "_") return std::nullopt;
  return identifier(names[result]);
}

LineNames::LineNames(const Context& context, const Function& function) : context_(context) {
  for (const Step& step : function.steps) {
    const graph::Place* line = step.call ? nullptr : line_of(context, step);
    const auto goes_on = [&](Ref ref) { return context.within_line.contains(ref); };
    if (line && std::ranges::none_of(step.results(context.graph), goes_on))
      made_[{line->file, line->line}].push_back(&step);
  }
}

std::optional<std::string> LineNames::assigned(const Step& step, std::size_t result) const {
  if (step.call) return line_hint(context_, step, result);
  const graph::Place* line = line_of(context_, step);
  const auto it = line ? made_.find({line->file, line->line}) : made_.end();
  if (it == made_.end()) return std::nullopt;
  const std::vector<const Step*>& made = it->second;
  const auto found = std::ranges::lower_bound(made, &step);  // in the order of the function's steps
  const bool is_made = found != made.end() && *found == &step;
  const auto at = static_cast<std::size_t>(found - made.begin());
  const bool one_each = made.size() > 1 && made.size() == assigned_names(line->code).size();
  if (is_made && one_each && step.results(context_.graph).size() == 1) return line_hint(context_, step, at);
  return is_made && at + 1 == made.size() ? line_hint(context_, step, result) : std::nullopt;
}

std::optional<std::string> parameter_hint(const Context& context, const Function& function, Ref ref, bool keywords) {
  for (const std::size_t user : users_of(function, ref)) {
    const Step& step = function.steps[user];
    if (step.layer) continue;
    if (step.call) {
      if (auto name = parameter_hint(context, *step.call, ref, true)) return name;
      continue;
    }
    const graph::Node& node = context.graph.nodes[step.node];
    const ops::Info* info = ops::find(node.op);
    for (std::size_t i = 0; info && i < node.args.size(); ++i) {
      const Ref* operand = node.args[i].value.get_if<Ref>();
      const std::string_view name = node.args[i].name.empty() && i < info->operands && !keywords
                                        ? info->parameters[i].name
                                        : std::string_view(node.args[i].name);
      if (operand && *operand == ref && name.size() > 1) return std::string(name);
    }
  }
  return std::nullopt;
}

namespace {

// What the line of a step calls an operand.
std::optional<std::string> operand_hint(const Context& context, const Step& step, Ref ref) {
  const graph::Place* place = line_of(context, step);
  const std::vector<Ref> used = used_values(context, step);
  if (!place) return std::nullopt;
  if (step.layer) return used.size() == 1 ? argument_of(place->code, last_part(step.layer->path)) : std::nullopt;
  if (used.size() == 2 && used[0] != used[1])
    return operand_of(place->code, infix(context.graph.nodes[step.node].op), used[1] == ref ? 1 : 0);
  return used.size() == 1 ? subscripted(place->code) : std::nullopt;
}

// "hidden_states = layer(hidden_states, mask)" for a module of a list: a result like the operand takes its name.
std::optional<std::string> replaced_hint(const Context& context, const Step& step, Ref ref) {
  const std::vector<Ref>& outputs = step.call->outputs;
  const bool alike = outputs.size() == 1 && context.graph.type(outputs[0]) == context.graph.type(ref);
  const bool listed = std::isdigit(static_cast<unsigned char>(step.call->path.back()));
  return alike && listed ? line_hint(context, step, 0) : std::nullopt;
}

// Does the line give the name to something else?
bool reassigned(const Context& context, const Step& step, const std::string& name) {
  const std::vector<std::string> names = assigned_names(line_of(context, step)->code);
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

std::optional<std::string> usage_hint(const Context& context, const Function& function, Ref ref) {
  std::optional<std::string> given_away;  // unless the value is used on, under another name
  for (const std::size_t user : users_of(function, ref)) {
    const Step& step = function.steps[user];
    auto name = step.call ? replaced_hint(context, step, ref) : operand_hint(context, step, ref);
    const bool over = name && (step.call || reassigned(context, step, *name));
    if (!name && step.call) name = usage_hint(context, *step.call, ref);  // an input of the nested function
    if (name && !over) return identifier(*name);
    if (name && !given_away) given_away = identifier(*name);
  }
  return given_away;
}

}  // namespace torch2mlx::python
