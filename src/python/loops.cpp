#include "python/loops.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "python/names.h"

namespace torch2mlx::python {
namespace {

using graph::Ref;

// A loop over fewer members of a list than this reads worse than their calls.
constexpr std::size_t fewest_of_part = 3;

// Members [begin, begin + count) as a subscript of their list; nothing if others lie between, which hold nothing and
// give back what they take.
std::optional<std::string> slice_of(const ModuleNode& list, std::size_t begin, std::size_t count) {
  const std::size_t first = list_index(list.children[begin]->name).value();
  const std::size_t last = list_index(list.children[begin + count - 1]->name).value();
  if (last - first + 1 != count) return std::nullopt;
  if (begin + count < list.children.size())
    return fmt::format("[{}:{}]", first == 0 ? "" : std::to_string(first), last + 1);
  return first == 0 ? "" : fmt::format("[{}:]", first);
}

class Finder {
 public:
  Finder(const Context& context, const Function& f) : context_(context), f_(f) {
    for (const Step& step : f.steps)
      for (Ref ref : used_values(context, step)) ++uses_[ref];
    for (Ref ref : f.outputs) ++uses_[ref];
  }

  std::optional<Unit> at(std::size_t begin) const {
    const std::string first = callee(f_.steps[begin]);
    const std::size_t dot = first.rfind('.');
    if (first.empty()) return std::nullopt;
    const ModuleNode* list = context_.tree.find(dot == std::string::npos ? std::string() : first.substr(0, dot));
    if (!list || list->role != Role::list || !list->leaves.empty()) return std::nullopt;
    if (list->path != f_.path && !under(list->path, f_.path)) return std::nullopt;
    const auto member = std::ranges::find(list->children, first, [](const auto& child) { return child->path; });
    const auto from = static_cast<std::size_t>(member - list->children.begin());
    const std::size_t most = std::min(list->children.size() - from, f_.steps.size() - begin);
    std::size_t called = 0;
    while (called < most && callee(f_.steps[begin + called]) == list->children[from + called]->path) ++called;
    if (called < 2) return std::nullopt;
    Loop loop{.list = list->path, .slice = {}, .carried = {}, .kept = {}};
    const std::size_t count = carries(begin, called, loop);
    const bool all = count == list->children.size();
    if (count < (all ? 2 : fewest_of_part) || (!all && list->path == f_.path)) return std::nullopt;
    const auto slice = slice_of(*list, from, count);
    const bool skips = all && arguments(begin).size() == 1 && results(begin).size() == 1;
    if (!slice && !skips) return std::nullopt;
    loop.slice = slice.value_or("");
    keep(begin, count, loop);
    return Unit{begin, begin + count, loop};
  }

 private:
  std::vector<Ref> arguments(std::size_t step) const { return used_values(context_, f_.steps[step]); }
  std::vector<Ref> results(std::size_t step) const { return f_.steps[step].results(context_.graph); }

  // How many steps of `most` each take results of the one before in the same places.
  std::size_t carries(std::size_t begin, std::size_t most, Loop& loop) const {
    const std::vector<Ref> first = arguments(begin), produced = results(begin), second = arguments(begin + 1);
    for (std::size_t r = 0; r < produced.size(); ++r)
      if (const auto it = std::ranges::find(second, produced[r]); it != second.end())
        loop.carried.emplace_back(static_cast<std::size_t>(it - second.begin()), r);
    if (loop.carried.empty()) return 0;
    std::size_t count = 0;
    while (count < most && follows(begin, begin + count, first, loop)) ++count;
    return count;
  }

  // The step takes the results of the one before where the loop says, and the first step's arguments elsewhere.
  bool follows(std::size_t begin, std::size_t at, const std::vector<Ref>& first, const Loop& loop) const {
    const Step& step = f_.steps[at];
    const std::vector<Ref> args = arguments(at);
    if (step.layer && step.layer->args.size() != args.size()) return false;
    const auto sizes = [](const Step& s) { return s.call ? s.call->sizes : std::vector<graph::Dim>(); };
    if (sizes(step) != sizes(f_.steps[begin])) return false;
    const auto modules = [](const Step& s) { return s.call ? s.call->modules : std::vector<std::string>(); };
    if (modules(step) != modules(f_.steps[begin])) return false;
    if (args.size() != first.size() || results(at).size() != results(begin).size()) return false;
    std::vector<Ref> expected = first;
    if (at > begin)
      for (const auto& [arg, result] : loop.carried) expected[arg] = results(at - 1)[result];
    return args == expected;
  }

  void keep(std::size_t begin, std::size_t count, Loop& loop) const {
    for (std::size_t r = 0; r < results(begin).size(); ++r) {
      const bool carried =
          std::ranges::find(loop.carried, r, &std::pair<std::size_t, std::size_t>::second) != loop.carried.end();
      for (std::size_t k = 0; k + (carried ? 1 : 0) < count; ++k) {
        if (uses_of(results(begin + k)[r]) == (carried ? 1U : 0U)) continue;
        loop.kept.push_back(r);
        break;
      }
    }
  }

  std::size_t uses_of(Ref ref) const {
    const auto it = uses_.find(ref);
    return it == uses_.end() ? 0 : it->second;
  }

  const Context& context_;
  const Function& f_;
  std::map<Ref, std::size_t> uses_;
};

}  // namespace

std::string callee(const Step& step) {
  return step.call ? step.call->path : step.layer ? step.layer->path : std::string();
}

std::vector<Unit> group_steps(const Context& context, const Function& function) {
  const Finder finder(context, function);
  std::vector<Unit> units;
  for (std::size_t i = 0; i < function.steps.size(); i = units.back().end)
    units.push_back(finder.at(i).value_or(Unit{i, i + 1, std::nullopt}));
  return units;
}

std::vector<std::vector<Ref>> returned(const Context& context, const Function& function) {
  std::vector<std::vector<Ref>> lists;
  for (const Unit& unit : group_steps(context, function)) {
    const Step& first = function.steps[unit.begin];
    if (unit.loop)
      for (const std::size_t result : unit.loop->kept) {
        lists.emplace_back();
        for (std::size_t i = unit.begin; i < unit.end; ++i)
          lists.back().push_back(function.steps[i].results(context.graph)[result]);
      }
    else if (first.call)
      for (std::vector<Ref>& group : returned(context, *first.call))
        if (group.size() > 1) lists.push_back(std::move(group));
  }
  const auto leaves = [&](Ref ref) { return std::ranges::find(function.outputs, ref) != function.outputs.end(); };
  std::erase_if(lists, [&](const auto& list) { return !std::ranges::all_of(list, leaves); });
  std::vector<std::vector<Ref>> groups;
  std::set<Ref> seen;
  for (const Ref ref : function.outputs) {
    if (seen.contains(ref)) continue;
    const auto list =
        std::ranges::find_if(lists, [&](const auto& all) { return std::ranges::find(all, ref) != all.end(); });
    groups.push_back(list == lists.end() ? std::vector<Ref>{ref} : *list);
    seen.insert(groups.back().begin(), groups.back().end());
  }
  return groups;
}

}  // namespace torch2mlx::python
