// Statements of a loop over a list of modules.
#include <fmt/format.h>

#include <algorithm>

#include "python/function.h"
#include "python/names.h"

namespace torch2mlx::python {

using graph::Ref;

namespace {

// "keys" and "states" are plural already; of "states_2" it is that of "states".
std::string plural(std::string name) {
  const std::size_t end = name.find_last_not_of("0123456789");
  if (end != name.npos && end > 0 && end + 1 < name.size() && name[end] == '_') name.erase(end);
  return name.ends_with('s') ? "all_" + name : name + "s";
}

}  // namespace

// The variables of a loop's statement: those of the arguments, then of the results.
struct FunctionWriter::LoopNames {
  std::vector<std::string> arguments, results;
  std::map<std::size_t, std::string> lists;  // by result
};

void FunctionWriter::emit_loop(std::size_t unit) {
  const Unit& loop = units_[unit];
  const Step& first = f_.steps[loop.begin];
  const std::set<std::string> before = reserved_;
  const LoopNames names = loop_names(unit);
  const std::string list = last_part(loop.loop->list);
  const std::string singular = list.size() > 3 && list.ends_with('s') ? list.substr(0, list.size() - 1) : "layer";
  std::string item = identifier(singular);
  while (holder_.contains(item) || reserved_.contains(item)) item += "_";
  std::string inside, targets;
  for (const std::string& name : names.arguments) inside += (inside.empty() ? "" : ", ") + name;
  std::vector<std::string> handed = names.arguments;
  if (first.call) {
    for (const graph::Dim& dim : first.call->sizes) handed.push_back(size(dim).text);
    for (const std::string& path : first.call->modules) handed.push_back(module_text(path));
  }
  for (std::size_t i = names.arguments.size(); i < handed.size(); ++i) inside += ", " + handed[i];
  for (const std::string& name : names.results) targets += (targets.empty() ? "" : ", ") + name;
  for (std::size_t i = loop.begin; i < loop.end; ++i) vote(f_.steps[i], handed);
  const std::string over =
      loop.loop->list == f_.path ? "self.values()" : context_.tree.access(f_.path, loop.loop->list) + loop.loop->slice;
  add_line(fmt::format("for {} in {}:", item, over), body_indent, {});
  add_line(fmt::format("{} = {}({})", targets, item, inside), body_indent + 4, used_values(context_, first));
  for (const auto& [result, kept] : names.lists)
    add_line(fmt::format("{}.append({})", kept, names.results[result]), body_indent + 4, {});
  reserved_ = before;
  for (const auto& [result, kept] : names.lists) {
    std::vector<Ref> items;
    for (std::size_t i = loop.begin; i < loop.end; ++i) items.push_back(f_.steps[i].results(graph_)[result]);
    bind_list(items, kept);
  }
  for (const auto& [arg, result] : loop.loop->carried) bind(unit_results(unit)[result], names.arguments[arg]);
}

// Writes what stands before the loop: its variables' first values and empty lists.
FunctionWriter::LoopNames FunctionWriter::loop_names(std::size_t unit) {
  const Loop& loop = *units_[unit].loop;
  const Step& first = f_.steps[units_[unit].begin];
  const std::vector<Ref> args = used_values(context_, first);
  LoopNames names{std::vector<std::string>(args.size()), std::vector<std::string>(unit_results(unit).size()), {}};
  std::set<std::size_t> carried;
  for (const auto& [arg, result] : loop.carried) carried.insert(arg);
  for (std::size_t i = 0; i < args.size(); ++i)  // read in every round: their names stay
    if (!carried.contains(i)) names.arguments[i] = value(args[i]).text;
  for (const std::string& name : names.arguments) reserve(name);
  for (const auto& [arg, result] : loop.carried) {
    std::vector<std::string> wanted = candidates(first, result);
    const std::string initial = value(args[arg]).text;
    if (is_identifier(initial)) wanted.insert(wanted.begin(), initial);
    wanted.emplace_back("x");  // before numbers
    const std::string name = names.arguments[arg] = names.results[result] = assign_name(wanted);
    if (initial != name) add_line(name + " = " + initial, body_indent, {args[arg]});
    reserve(name);
  }
  for (std::size_t r = 0; r < names.results.size(); ++r) {
    const bool kept = std::ranges::find(loop.kept, r) != loop.kept.end();
    if (names.results[r].empty()) names.results[r] = kept ? assign_name(candidates(first, r)) : "_";
    if (kept) reserve(names.results[r]);
  }
  std::string lists, empty;
  for (const std::size_t result : loop.kept) {
    const std::string list = assign_name({plural(names.results[result])});
    reserve(list);
    lists += (lists.empty() ? "" : ", ") + list;
    empty += empty.empty() ? "[]" : ", []";
    names.lists[result] = list;
  }
  if (!lists.empty()) add_line(lists + " = " + empty, body_indent, {});
  return names;
}

// Its items are the list's, whose name stays taken.
void FunctionWriter::bind_list(const std::vector<Ref>& items, const std::string& name) {
  reserve(name);
  lists_.emplace_back(name, items);
  for (std::size_t i = 0; i < items.size(); ++i) bind_text(items[i], {fmt::format("{}[{}]", name, i), bind::primary});
}

}  // namespace torch2mlx::python
