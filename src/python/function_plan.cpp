// What is written where: which values are inlined into the one expression that uses them.
#include <algorithm>

#include "python/function.h"
#include "python/hints.h"

namespace torch2mlx::python {

using graph::Ref;

std::vector<Ref> FunctionWriter::unit_uses(std::size_t unit) const {
  return used_values(context_, f_.steps[units_[unit].begin]);
}

std::vector<Ref> FunctionWriter::unit_results(std::size_t unit) const {
  return f_.steps[units_[unit].end - 1].results(graph_);
}

void FunctionWriter::plan() {
  units_ = group_steps(context_, f_);
  for (std::size_t u = 0; u < units_.size(); ++u)
    for (Ref ref : unit_uses(u)) users_[ref].push_back(u);
  const std::vector<Ref> results = end_uses();
  for (Ref ref : results) users_[ref].push_back(end_position);
  plan_joins();
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
  for (Ref ref : results) last_use_[ref] = end_position;
}

// What is read when all is computed: results and new state.
std::vector<Ref> FunctionWriter::end_uses() const {
  std::vector<Ref> refs = f_.outputs;
  for (const graph::Output* output : f_.state)
    graph::for_each_ref(output->value, [&](const Ref& ref) {
      if (std::ranges::find(refs, ref) == refs.end()) refs.push_back(ref);
    });
  return refs;
}

std::optional<std::size_t> FunctionWriter::only_user(std::size_t unit) const {
  if (forced_.contains(unit) || units_[unit].loop) return std::nullopt;
  if (is_update(f_.steps[units_[unit].begin]) || is_requirement(f_.steps[units_[unit].begin])) return std::nullopt;
  const std::vector<Ref> results = unit_results(unit);
  const auto it = results.size() == 1 ? users_.find(results[0]) : users_.end();
  if (it == users_.end() || it->second.size() != 1) return std::nullopt;
  return it->second[0];
}

bool FunctionWriter::inlinable(std::size_t unit) const {
  const auto user = only_user(unit);
  if (!user) return false;
  if (*user == end_position) return may_inline_results();
  return joined_[unit] || (!units_[*user].loop && reads_well_inside(unit, *user));
}

// Reshapes and transposes of one array read as a chain.
bool FunctionWriter::is_view(const Step& step) const {
  if (step.call || step.layer) return false;
  const std::string& op = graph_.nodes[step.node].op;
  return op == "reshape" || op == "transpose";
}

// A function of one value that holds no parameters: an activation, a dropout, a pooling.
bool FunctionWriter::is_light(const Step& step) const {
  if (step.call || used_values(context_, step).size() != 1) return false;
  const ModuleNode* module = step.layer ? context_.tree.find(step.layer->path) : nullptr;
  return !module || module->leaves.empty();
}

// Whether the user's code would have it so: a value that has a name there keeps it.
bool FunctionWriter::reads_well_inside(std::size_t unit, std::size_t user) const {
  const Step &step = f_.steps[units_[unit].begin], &outer = f_.steps[units_[user].begin];
  if (lines_.assigned(step, 0) && !same_line(context_, step, outer)) return false;
  if (!step.call) return !outer.call;
  const std::string& op = outer.call || outer.layer ? std::string() : graph_.nodes[outer.node].op;
  return op == "add" || op == "subtract" || op == "multiply";
}

// x = dense(x), then x = dropout(x): what only takes over its operand's name reads as well around it.
bool FunctionWriter::joins(std::size_t unit, std::size_t user, const std::set<Ref>& joined) const {
  const Step &step = f_.steps[units_[unit].begin], &outer = f_.steps[units_[user].begin];
  if (units_[user].loop || step.call || !is_light(outer)) return false;
  const auto name = lines_.assigned(step, 0), next = lines_.assigned(outer, 0);
  if (!name || (next && next != name)) return false;
  if (is_view(step) && is_view(outer)) return true;
  // One such step on a line.
  const std::vector<Ref> uses = unit_uses(unit);
  return std::ranges::none_of(uses, [&](Ref ref) { return joined.contains(ref); });
}

void FunctionWriter::plan_joins() {
  joined_.assign(units_.size(), false);
  std::set<Ref> joined;
  for (std::size_t u = 0; u < units_.size(); ++u) {
    const auto user = only_user(u);
    joined_[u] = user && *user != end_position && joins(u, *user, joined);
    if (joined_[u]) joined.insert(unit_results(u)[0]);
  }
}

}  // namespace torch2mlx::python
