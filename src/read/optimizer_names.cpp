#include "read/optimizer_names.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_map>

#include "read/bytes.h"
#include "read/wrapped_names.h"

namespace torch2mlx {
namespace {

constexpr std::size_t max_work = std::size_t{1} << 24;
constexpr const char* name_hint = "save an optimizer made of names: torch.optim.AdamW(model.named_parameters())";

std::string place(const OptimizerState& state) { return state.path.empty() ? "optimizer" : state.path; }

std::size_t count(const OptimizerState& state) {
  std::size_t sum = 0;
  for (const OptimizerGroup& group : state.groups) sum += group.parameters.size();
  return sum;
}

// Groups are merged into the order of the model: a walk over the model in which every entry is the next parameter of
// one group or none of them. All walks are followed at once; those that have taken as many of each group are one.
class Merge {
 public:
  Merge(OptimizerState& state, std::span<const ModelParameter> model) : state_(state), model_(model) {
    for (const OptimizerGroup& group : state.groups) {
      shapes_.emplace_back();
      for (const OptimizerParameter& parameter : group.parameters) shapes_.back().push_back(parameter.shape());
    }
    left_ = count(state);
    const auto certain = static_cast<std::size_t>(std::ranges::count(model, true, &ModelParameter::certain));
    some_frozen_ = left_ < certain;
  }

  void run() {
    std::vector<Walk> walks{{.taken = std::vector<std::uint32_t>(shapes_.size())}};
    for (std::size_t at = 0; at < model_.size(); ++at) {
      walks = step(walks, at);
      if (walks.empty()) refuse_fit();
    }
    const auto end = std::ranges::find(walks, left_, &Walk::sum);
    if (end == walks.end()) refuse_fit();
    if (end->several) refuse_ambiguous();
    assign(static_cast<std::size_t>(end - walks.begin()));
  }

 private:
  static constexpr std::uint32_t skipped = 0xffffffff;
  struct Walk {
    std::vector<std::uint32_t> taken;  // of each group
    std::size_t sum = 0;
    bool several = false;  // ways to get here
  };
  struct Trace {
    std::uint32_t before, group;  // walk one entry earlier; the group taken from
  };

  bool fits(std::size_t group, std::uint32_t at, const ModelParameter& entry) const {
    if (at == shapes_[group].size()) return false;
    const auto& shape = shapes_[group][at];
    return !shape || *shape == entry.shape;
  }

  std::vector<Walk> step(const std::vector<Walk>& walks, std::size_t at) {
    std::vector<Walk> next;
    std::vector<Trace> traces;
    std::map<std::vector<std::uint32_t>, std::size_t> known;
    const auto enter = [&](const Walk& from, std::size_t before, std::uint32_t group) {
      Walk walk = from;
      if (group != skipped) ++walk.taken[group], ++walk.sum;
      if (left_ - walk.sum > model_.size() - at - 1) return;  // too few entries for the rest
      const auto [it, fresh] = known.emplace(walk.taken, next.size());
      if (!fresh) {
        next[it->second].several = true;
        return;
      }
      next.push_back(std::move(walk));
      traces.push_back({static_cast<std::uint32_t>(before), group});
    };
    for (std::size_t i = 0; i < walks.size(); ++i) {
      if (some_frozen_ || !model_[at].certain) enter(walks[i], i, skipped);
      for (std::uint32_t group = 0; group < shapes_.size(); ++group)
        if (fits(group, walks[i].taken[group], model_[at])) enter(walks[i], i, group);
      work_ += shapes_.size();
      if (work_ > max_work) refuse_ambiguous();
    }
    traces_.push_back(std::move(traces));
    return next;
  }

  void assign(std::size_t walk) {
    std::vector<std::size_t> left;
    for (const OptimizerGroup& group : state_.groups) left.push_back(group.parameters.size());
    for (std::size_t at = model_.size(); at-- > 0;) {
      const Trace trace = traces_[at][walk];
      if (trace.group != skipped) state_.groups[trace.group].parameters[--left[trace.group]].name = model_[at].name;
      walk = trace.before;
    }
  }

  [[noreturn]] void refuse_ambiguous() const {
    refuse(place(state_),
           fmt::format("{} parameters in {} groups without names: shapes leave several ways to name them", left_,
                       shapes_.size()),
           name_hint);
  }

  [[noreturn]] void refuse_fit() const {
    std::string why = fmt::format("the model has {}", model_.size());
    if (shapes_.size() == 1 && left_ == model_.size())
      for (std::uint32_t i = 0; i < left_; ++i)
        if (!fits(0, i, model_[i])) {
          why = fmt::format("number {} is ({}), '{}' of the model ({})", i, fmt::join(shapes_[0][i].value(), ", "),
                            printable(model_[i].name), fmt::join(model_[i].shape, ", "));
          break;
        }
    refuse(place(state_), fmt::format("its {} parameters are not the model's: {}", left_, why));
  }

  OptimizerState& state_;
  std::span<const ModelParameter> model_;
  std::vector<std::vector<std::optional<std::vector<std::int64_t>>>> shapes_;
  std::vector<std::vector<Trace>> traces_;
  std::size_t left_ = 0, work_ = 0;
  bool some_frozen_ = false;
};

// Names are told: torch.compile and DataParallel may have wrapped them.
void check_names(OptimizerState& state, std::span<const ModelParameter> model) {
  Checkpoint names;
  for (const OptimizerGroup& group : state.groups)
    for (const OptimizerParameter& parameter : group.parameters) names.tensors.emplace_back().name = parameter.name;
  unwrap_names(names);
  std::unordered_map<std::string_view, const ModelParameter*> known;
  for (const ModelParameter& parameter : model) known.emplace(parameter.name, &parameter);
  auto name = names.tensors.begin();
  for (OptimizerGroup& group : state.groups)
    for (OptimizerParameter& parameter : group.parameters) {
      parameter.name = (name++)->name;
      const auto it = known.find(parameter.name);
      if (it == known.end())
        refuse(place(state), fmt::format("the model has no parameter '{}'", printable(parameter.name)));
      if (const auto shape = parameter.shape(); shape && *shape != it->second->shape)
        refuse(place(state), fmt::format("the state of '{}' is ({}), the parameter ({})", printable(parameter.name),
                                         fmt::join(*shape, ", "), fmt::join(it->second->shape, ", ")));
    }
}

}  // namespace

void name_parameters(OptimizerState& state, std::span<const ModelParameter> model) {
  const auto named = [](const OptimizerGroup& group) {
    return std::ranges::none_of(group.parameters, [](const auto& parameter) { return parameter.name.empty(); });
  };
  if (std::ranges::all_of(state.groups, named))
    check_names(state, model);
  else
    Merge(state, model).run();
}

}  // namespace torch2mlx
