#include "python/function.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "python/format.h"
#include "python/hints.h"
#include "python/names.h"
#include "python/sizes.h"

namespace torch2mlx::python {

using graph::Ref;

namespace {
// Calls nested deeper than this get a line of their own.
constexpr int deepest_nesting = 3;
constexpr std::size_t body_indent = 8;
}  // namespace

std::vector<Ref> FunctionWriter::unit_uses(std::size_t unit) const { return used_values(context_, f_.steps[units_[unit].begin]); }

std::vector<Ref> FunctionWriter::unit_results(std::size_t unit) const {
  return f_.steps[units_[unit].end - 1].results(graph_);
}

void FunctionWriter::plan() {
  units_ = group_steps(context_, f_);
  for (std::size_t u = 0; u < units_.size(); ++u)
    for (Ref ref : unit_uses(u)) users_[ref].push_back(u);
  for (Ref ref : f_.outputs) users_[ref].push_back(end_position);
  inlined_.assign(units_.size(), false);
  std::vector<std::size_t> position(units_.size());
  for (std::size_t u = units_.size(); u-- > 0;) {
    inlined_[u] = inlinable(u);
    const std::size_t user = inlined_[u] ? users_.at(unit_results(u)[0])[0] : u;
    position[u] = user == u || user == end_position ? user : position[user];
    for (Ref ref : unit_uses(u)) {
      auto [it, first] = last_use_.emplace(ref, position[u]);
      if (!first) it->second = std::max(it->second, position[u]);
    }
  }
  for (Ref ref : f_.outputs) last_use_[ref] = end_position;
}

bool FunctionWriter::inlinable(std::size_t unit) const {
  if (forced_.contains(unit) || units_[unit].loop) return false;
  const std::vector<Ref> results = unit_results(unit);
  if (results.size() != 1) return false;
  const auto it = users_.find(results[0]);
  if (it == users_.end() || it->second.size() != 1) return false;
  const std::size_t user = it->second[0];
  if (user == end_position) return may_inline_results();
  return !units_[user].loop && reads_well_inside(f_.steps[units_[unit].begin], user);
}

// Reshapes and transposes of one array read as a chain.
bool FunctionWriter::is_view(const Step& step) const {
  if (step.call || step.layer) return false;
  const std::string& op = graph_.nodes[step.node].op;
  return op == "reshape" || op == "transpose";
}

// Whether the user's code would have it so: a value that has a name there keeps it.
bool FunctionWriter::reads_well_inside(const Step& step, std::size_t user) const {
  const Step& outer = f_.steps[units_[user].begin];
  const auto name = assigned_hint(context_, f_, step, 0);
  const bool chained = is_view(step) && is_view(outer) && name == line_hint(context_, outer, 0);
  if (name && !chained && !same_line(context_, step, outer)) return false;
  if (!step.call) return !outer.call;
  const std::string& op = outer.call || outer.layer ? std::string() : graph_.nodes[outer.node].op;
  return op == "add" || op == "subtract" || op == "multiply";
}

void FunctionWriter::reset() {
  users_.clear(), last_use_.clear(), text_.clear(), unit_of_.clear(), holder_.clear(), reserved_.clear();
  size_names_.clear(), reads_.clear(), votes_.clear();
  body_.clear();
  retry_ = false;
}

FunctionText FunctionWriter::write() {
  while (!emit()) {
  }
  for (auto& [index, names] : votes_)
    for (std::size_t i = 0; i < names.size(); ++i)
      if (!names[i].empty()) classes_.list[index].votes[i].push_back(names[i]);
  return {argument_names_, size_lines() + body_};
}

bool FunctionWriter::emit() {
  reset();
  plan();
  argument_names_ = bind_arguments();
  for (std::size_t u = 0; u < units_.size() && !retry_; ++u) {
    position_ = u;
    if (inlined_[u]) {
      const Ref result = unit_results(u)[0];
      unit_of_[result] = u;
      text_[result] = step_text(f_.steps[units_[u].begin]);
    } else if (units_[u].loop) {
      emit_loop(u);
    } else {
      emit_unit(u);
    }
  }
  if (retry_) return false;
  position_ = end_position;
  for (const std::string& line : finish()) add_line(line, body_indent, f_.outputs);
  if (!retry_) check_reads();
  return !retry_;
}

// A line that is too long or too deep gives an inlined part a line of its own, and all is written anew: the smallest
// part without which it reads well.
void FunctionWriter::add_line(const std::string& text, std::size_t indent, const std::vector<Ref>& operands) {
  const auto reads_well = [&](const std::string& line) {
    return indent + line.size() <= line_width && nesting(line) <= deepest_nesting;
  };
  std::vector<std::size_t> inside;
  for (Ref ref : operands) collect_inlined(ref, inside);
  if (!reads_well(text) && !inside.empty()) {
    const auto text_of = [&](std::size_t unit) -> const std::string& { return text_.at(unit_results(unit)[0]).text; };
    std::ranges::sort(inside, {}, [&](std::size_t unit) { return text_of(unit).size(); });
    std::size_t chosen = inside.back();
    for (std::size_t unit : inside) {
      std::string shorter = text;
      const std::size_t at = shorter.find(text_of(unit));
      if (at == std::string::npos) continue;
      shorter.replace(at, text_of(unit).size(), "variable");
      if (!reads_well(shorter)) continue;
      chosen = unit;
      break;
    }
    forced_.insert(chosen);
    retry_ = true;
  }
  body_ += statement(text, indent);
}

// An inlined value is written exactly once: never dropped, and a variable if a template repeats it.
void FunctionWriter::check_reads() {
  for (const auto& [ref, unit] : unit_of_) {
    const std::size_t count = reads_[unit];
    if (count == 0) throw Error(ErrorKind::input, f_.path, "value '" + graph_[ref].name + "' is computed but never written");
    if (count > 1) retry_ = forced_.insert(unit).second || retry_;
  }
}

void FunctionWriter::collect_inlined(Ref ref, std::vector<std::size_t>& units) const {
  const auto it = unit_of_.find(ref);
  if (it == unit_of_.end()) return;
  units.push_back(it->second);
  for (Ref inner : unit_uses(it->second)) collect_inlined(inner, units);
}

void FunctionWriter::emit_unit(std::size_t unit) {
  const Step& step = f_.steps[units_[unit].begin];
  const std::string text = step_text(step).text;
  const std::vector<Ref> results = unit_results(unit);
  std::string targets;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const bool used = users_.contains(results[i]);
    const std::string name = used ? assign_name(candidates(step, i)) : "_";
    if (used) bind(results[i], name);
    targets += (i ? ", " : "") + name;
  }
  add_line(targets + " = " + text, body_indent, unit_uses(unit));
}

void FunctionWriter::emit_loop(std::size_t unit) {
  const Unit& loop = units_[unit];
  const Step& first = f_.steps[loop.begin];
  const std::vector<Ref> args = used_values(context_, first), results = unit_results(unit);
  std::vector<std::string> names(args.size());
  std::string targets;
  std::set<std::size_t> carried;
  std::set<std::string> invariant;
  for (const auto& [arg, result] : loop.loop->carried) carried.insert(arg);
  for (std::size_t i = 0; i < args.size(); ++i)  // read in every round: their names stay
    if (!carried.contains(i)) names[i] = value(args[i]).text, invariant.insert(names[i]);
  const std::set<std::string> before = reserved_;
  reserved_.insert(invariant.begin(), invariant.end());
  for (const auto& [arg, result] : loop.loop->carried) {
    std::vector<std::string> wanted = candidates(first, result);
    const std::string initial = value(args[arg]).text;
    if (is_identifier(initial)) wanted.insert(wanted.begin(), initial);
    names[arg] = assign_name(wanted);
    if (initial != names[arg]) add_line(names[arg] + " = " + initial, body_indent, {args[arg]});
    targets += (targets.empty() ? "" : ", ") + names[arg];
    reserve(names[arg]);
  }
  const std::string list = last_part(loop.loop->list);
  const std::string singular = list.size() > 3 && list.ends_with('s') ? list.substr(0, list.size() - 1) : "layer";
  std::string item = identifier(singular);
  while (holder_.contains(item) || reserved_.contains(item)) item += "_";
  std::string inside;
  for (const std::string& name : names) inside += (inside.empty() ? "" : ", ") + name;
  for (std::size_t i = loop.begin; i < loop.end; ++i) vote(f_.steps[i], names);
  const std::string over = loop.loop->list == f_.path ? "self.values()" : context_.tree.access(f_.path, loop.loop->list);
  add_line(fmt::format("for {} in {}:", item, over), body_indent, {});
  add_line(fmt::format("{} = {}({})", targets, item, inside), body_indent + 4, args);
  reserved_ = before;
  for (const auto& [arg, result] : loop.loop->carried) bind(results[result], names[arg]);
}

Expr FunctionWriter::step_text(const Step& step) {
  if (step.call || step.layer) return {call_text(context_.tree.access(f_.path, callee(step)), step), bind::primary};
  return render(graph_, graph_.nodes[step.node], [this](Ref ref) { return value(ref); });
}

std::string FunctionWriter::call_text(const std::string& name, const Step& step) {
  std::string inside;
  std::vector<std::string> names;
  const auto add = [&](const Expr& expr) {
    inside += (inside.empty() ? "" : ", ") + expr.text;
    const std::size_t dot = expr.text.rfind('.');
    const std::string last = expr.text.starts_with("self.") ? expr.text.substr(dot + 1) : expr.text;
    names.push_back(is_identifier(last) ? last : "");
  };
  if (step.layer) {
    for (const graph::Arg& arg : step.layer->args) add(argument(arg, [this](Ref ref) { return value(ref); }));
    return name + "(" + inside + ")";
  }
  for (Ref ref : step.call->inputs) add(value(ref));
  for (const graph::Dim& dim : step.call->sizes) add(size(dim));
  vote(step, names);
  return name + "(" + inside + ")";
}

void FunctionWriter::vote(const Step& step, const std::vector<std::string>& names) {
  if (step.call) votes_.emplace_back(classes_.of_module.at(step.call->path).index, names);
}

Expr FunctionWriter::held_text(const graph::Input& input) const {
  const ModuleNode* owner = context_.tree.owner(input);
  if (owner->role == Role::list || owner->role == Role::dict) return {context_.tree.access(f_.path, input.target), bind::primary};
  return {attribute(context_.tree.access(f_.path, owner->path), leaf_attribute(input)), bind::primary};
}

Expr FunctionWriter::value(Ref ref) {
  if (context_.is_size(ref)) return size(*graph_.type(ref).size);
  if (const auto it = text_.find(ref); it != text_.end()) {
    if (const auto unit = unit_of_.find(ref); unit != unit_of_.end()) ++reads_[unit->second];
    return it->second;
  }
  if (const graph::Input* input = context_.held(ref, f_.path)) return held_text(*input);
  if (context_.is_global_constant(ref)) return constants_.use(*graph_.input(ref));
  throw Error(ErrorKind::input, f_.path, "value '" + graph_[ref].name + "' is used before it is defined");
}

void FunctionWriter::bind(Ref ref, const std::string& name) {
  holder_[name] = ref;
  text_[ref] = {name};
  unit_of_.erase(ref);
}

std::vector<std::string> FunctionWriter::bind_arguments() {
  for (std::size_t i = 0; i < f_.inputs.size(); ++i) bind(f_.inputs[i], class_.arg_names[i]);
  for (std::size_t i = 0; i < f_.sizes.size(); ++i) reserve(class_.arg_names[f_.inputs.size() + i]);
  return class_.arg_names;
}

std::vector<std::string> FunctionWriter::finish() {
  std::string text;
  for (Ref ref : f_.outputs) text += (text.empty() ? "" : ", ") + value(ref).text;
  return {"return " + text};
}

}  // namespace torch2mlx::python
