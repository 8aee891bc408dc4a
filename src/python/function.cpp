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
}  // namespace

void FunctionWriter::reset() {
  users_.clear(), last_use_.clear(), text_.clear(), unit_of_.clear(), holder_.clear(), reserved_.clear();
  unnumbered_.clear(), numbers_.clear();
  owned_.clear();
  size_names_.clear(), reads_.clear(), votes_.clear();
  lists_.clear();
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
  for (std::size_t u = 0; u < units_.size(); ++u) {
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
  for (const std::string& line : finish()) add_line(line, body_indent, end_uses());
  if (!retry_) check_reads();
  return !retry_;
}

// A line that is too long or too deep gives an inlined part a line of its own, the smallest one without which it reads
// well; when all such lines have been found, all is written anew.
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
    if (count == 0)
      throw Error(ErrorKind::input, f_.path, "value '" + graph_[ref].name + "' is computed but never written");
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
  if (is_update(step)) return emit_update(unit);
  if (is_requirement(step)) return emit_requirement(unit);
  const std::string text = step_text(step).text;
  if (step.call) return emit_call(unit, text);
  const std::vector<Ref> results = unit_results(unit);
  std::string targets;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const bool used = users_.contains(results[i]);
    const std::string name = used ? assign_name(candidates(step, i)) : "_";
    if (used) bind(results[i], name);
    if (!step.layer) owned_.insert(results[i]);
    targets += (i ? ", " : "") + name;
  }
  add_line(targets + " = " + text, body_indent, unit_uses(unit));
}

// A list among the results is one target.
void FunctionWriter::emit_call(std::size_t unit, const std::string& text) {
  const Step& step = f_.steps[units_[unit].begin];
  const std::vector<Ref> results = unit_results(unit);
  std::string targets;
  for (const std::vector<Ref>& group : returned(context_, *step.call)) {
    const auto at = static_cast<std::size_t>(std::ranges::find(results, group[0]) - results.begin());
    const bool used = std::ranges::any_of(group, [this](Ref ref) { return users_.contains(ref); });
    const std::string name = used ? assign_name(candidates(step, at)) : "_";
    if (used && group.size() > 1)
      bind_list(group, name);
    else if (used)
      bind(group[0], name);
    targets += (targets.empty() ? "" : ", ") + name;
  }
  add_line(targets + " = " + text, body_indent, unit_uses(unit));
}

}  // namespace torch2mlx::python
