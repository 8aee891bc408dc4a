// Statements of a loop over a list of modules.
#include <fmt/format.h>

#include "python/function.h"
#include "python/names.h"

namespace torch2mlx::python {

using graph::Ref;

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
  const std::string over =
      loop.loop->list == f_.path ? "self.values()" : context_.tree.access(f_.path, loop.loop->list);
  add_line(fmt::format("for {} in {}:", item, over), body_indent, {});
  add_line(fmt::format("{} = {}({})", targets, item, inside), body_indent + 4, args);
  reserved_ = before;
  for (const auto& [arg, result] : loop.loop->carried) bind(results[result], names[arg]);
}

}  // namespace torch2mlx::python
