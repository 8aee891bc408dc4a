#include "python/loops.h"

#include <algorithm>

#include "python/names.h"

namespace torch2mlx::python {
namespace {

using graph::Ref;

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
    const std::size_t count = list->children.size();
    if (count < 2 || begin + count > f_.steps.size()) return std::nullopt;
    for (std::size_t i = 0; i < count; ++i)
      if (callee(f_.steps[begin + i]) != list->children[i]->path) return std::nullopt;
    Loop loop{list->path, {}};
    if (!carries(begin, count, loop)) return std::nullopt;
    return Unit{begin, begin + count, loop};
  }

 private:
  std::vector<Ref> arguments(std::size_t step) const { return used_values(context_, f_.steps[step]); }
  std::vector<Ref> results(std::size_t step) const { return f_.steps[step].results(context_.graph); }

  bool carries(std::size_t begin, std::size_t count, Loop& loop) const {
    const std::vector<Ref> first = arguments(begin), produced = results(begin), second = arguments(begin + 1);
    for (std::size_t r = 0; r < produced.size(); ++r) {
      const auto it = std::ranges::find(second, produced[r]);
      if (it == second.end()) return false;
      loop.carried.emplace_back(static_cast<std::size_t>(it - second.begin()), r);
    }
    for (std::size_t k = 0; k < count; ++k) {
      const Step& step = f_.steps[begin + k];
      if (step.call && !step.call->sizes.empty()) return false;
      if (step.layer && step.layer->args.size() != arguments(begin + k).size()) return false;
      if (k > 0 && !follows(begin + k, first, loop)) return false;
    }
    return true;
  }

  // The step takes the results of the one before where the loop says, and the first step's arguments elsewhere.
  bool follows(std::size_t step, const std::vector<Ref>& first, const Loop& loop) const {
    const std::vector<Ref> args = arguments(step), before = results(step - 1);
    if (args.size() != first.size() || before.size() != loop.carried.size()) return false;
    std::vector<Ref> expected = first;
    for (const auto& [arg, result] : loop.carried) expected[arg] = before[result];
    return args == expected && std::ranges::all_of(before, [&](Ref ref) { return uses_.at(ref) == 1; });
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

}  // namespace torch2mlx::python
