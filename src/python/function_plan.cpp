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

}  // namespace torch2mlx::python
