// x[:, 1:3] = v: an assignment to an array that no other name shares.
#include <algorithm>

#include "python/function.h"
#include "python/names.h"
#include "python/subscript.h"

namespace torch2mlx::python {

using graph::Ref;

bool FunctionWriter::is_update(const Step& step) const {
  return !step.call && !step.layer && graph_.nodes[step.node].op == "index_update";
}

void FunctionWriter::emit_update(std::size_t unit) {
  const graph::Node& node = graph_.nodes[f_.steps[units_[unit].begin].node];
  const Ref base = node.operand(0);
  const auto text_of = [this](Ref ref) { return value(ref); };
  const auto known = text_.find(base);
  const bool own = owned_.contains(base) && !unit_of_.contains(base) && last_use_.at(base) == position_;
  const std::string name = own ? known->second.text : own_copy(unit, base);
  std::vector<Ref> operands = unit_uses(unit);
  std::erase(operands, base);
  add_line(name + "[" + update_items(graph_, node, text_of) + "] = " + argument(node.args[1].value, text_of).text,
           body_indent, operands);
  bind(node.result(), name);
  owned_.insert(node.result());
}

// A variable of its own for `base`; names that the rest of the statement still reads stay as they are.
std::string FunctionWriter::own_copy(std::size_t unit, Ref base) {
  const Step& step = f_.steps[units_[unit].begin];
  std::set<std::string> busy;
  for (const auto& [name, ref] : holder_)
    if (const auto last = last_use_.find(ref); ref != base && last != last_use_.end() && last->second == position_)
      if (reserved_.insert(name).second) busy.insert(name);
  std::vector<std::string> wanted = candidates(step, 0);
  const auto inlined = unit_of_.find(base);
  const bool made = inlined != unit_of_.end() && !f_.steps[units_[inlined->second].begin].layer;
  const std::string text = value(base).text;
  if (const std::string last = last_part(text); inlined == unit_of_.end() && is_identifier(last))
    wanted.insert(wanted.begin(), identifier(last));
  const std::string name = assign_name(wanted);
  for (const std::string& taken : busy) reserved_.erase(taken);
  add_line(name + " = " + (made ? text : "mx.array(" + text + ")"), body_indent, {base});
  return name;
}

}  // namespace torch2mlx::python
