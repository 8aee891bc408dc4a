#include "weights/optimizers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_map>

#include "base/error.h"

namespace torch2mlx::weights {
namespace {

constexpr std::size_t max_problems = 20;

std::string place(const OptimizerState& state) { return state.path.empty() ? "optimizer" : state.path; }

const OptimizerValue* find(const OptimizerGroup& group, std::string_view setting) {
  const auto it = group.settings.find(std::string(setting));
  return it == group.settings.end() ? nullptr : &it->second;
}

double number_or_zero(const OptimizerGroup& group, std::string_view setting) {
  const auto* value = find(group, setting);
  return value ? number(*value).value_or(0) : 0;
}

bool is_empty(const OptimizerValue& value) { return std::holds_alternative<std::monostate>(value); }

// Slots of a parameter that hold something, "step" apart.
std::set<std::string_view> slot_names(const OptimizerParameter& parameter) {
  std::set<std::string_view> names;
  for (const auto& [name, value] : parameter.slots)
    if (name != "step" && !is_empty(value)) names.insert(name);
  return names;
}

bool slots_fit(const OptimizerRow& row, const std::set<std::string_view>& names) {
  const auto known = [&](std::string_view name) {
    return std::ranges::count(row.slots, name, &std::pair<std::string_view, std::string_view>::first) != 0 ||
           std::ranges::count(row.more_slots, name) != 0;
  };
  return std::ranges::all_of(names, known) && (names.empty() || std::ranges::all_of(row.slots, [&](const auto& slot) {
                                                 return names.contains(slot.first);
                                               }));
}

bool settings_fit(const OptimizerRow& row, const OptimizerGroup& group) {
  return std::ranges::all_of(row.told_by, [&](const Required& required) {
    const auto* value = find(group, required.setting);
    return value && (!required.value || number(*value) == required.value);
  });
}

bool fits(const OptimizerRow& row, const OptimizerState& state, bool named) {
  return std::ranges::all_of(state.groups, [&](const OptimizerGroup& group) {
    if (!named && !settings_fit(row, group)) return false;
    return row.mlx.empty() || std::ranges::all_of(group.parameters, [&](const OptimizerParameter& parameter) {
             return slots_fit(row, slot_names(parameter));
           });
  });
}

std::string unknown(const OptimizerState& state) {
  constexpr std::size_t most = 16;
  std::set<std::string> settings, slots;
  const auto add = [](std::set<std::string>& names, const std::map<std::string, OptimizerValue>& values) {
    for (const auto& [name, value] : values)
      if (names.size() < most) names.insert(printable(name, 40));
  };
  for (const OptimizerGroup& group : state.groups) {
    add(settings, group.settings);
    for (const OptimizerParameter& parameter : group.parameters) add(slots, parameter.slots);
  }
  return fmt::format("settings {}; slots {}", fmt::join(settings, ", "), fmt::join(slots, ", "));
}

std::string python(const OptimizerValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "True" : "False";
  if (const auto* list = std::get_if<std::vector<double>>(&value)) return fmt::format("[{}]", fmt::join(*list, ", "));
  return fmt::format("{}", number(value).value());
}

// Python's text of a number or numbers, all finite.
bool is_plain(const OptimizerValue& value) {
  if (const auto* list = std::get_if<std::vector<double>>(&value))
    return std::ranges::all_of(*list, [](double item) { return std::isfinite(item); });
  const auto single = number(value);
  return single && std::isfinite(*single);
}

class Translation {
 public:
  Translation(const OptimizerState& state, const OptimizerRow& row) : state_(state), row_(row) {}

  MlxOptimizers run() {
    for (const OptimizerGroup& group : state_.groups)
      if (!group.parameters.empty()) add(group);
    if (out_.list.empty() || (!any_ && row_.counts_steps)) problem("holds no state: no step was taken");
    refuse_problems();
    if (fresh_ > 0)
      out_.notes.push_back(fmt::format("{} parameters have no state yet: MLX begins them at zero", fresh_));
    return std::move(out_);
  }

 private:
  void problem(std::string text) {
    if (problems_.size() < max_problems && std::ranges::find(problems_, text) == problems_.end())
      problems_.push_back(std::move(text));
  }

  // One problem stands in the message, several as its details.
  void refuse_problems() const {
    if (problems_.empty()) return;
    const auto what = fmt::format("torch.optim.{} as it stands has no equal in MLX", row_.torch);
    if (problems_.size() == 1)
      throw Error(ErrorKind::unsupported, place(state_), fmt::format("{}: {}", what, problems_[0]), hint_);
    throw Error(ErrorKind::unsupported, place(state_), what, hint_, problems_);
  }

  void add(const OptimizerGroup& group) {
    check(group);
    if (!problems_.empty()) return;
    MlxOptimizer made{.class_name = std::string(row_.mlx), .constructor = {}, .parameters = {}, .slots = {}};
    made.step = step_of(group);
    made.learning_rate = rate_at(group, made.step);
    made.constructor = constructor(group);
    const auto [it, fresh] = known_.emplace(fmt::format("{} {}", made.step, made.constructor), out_.list.size());
    if (fresh) out_.list.push_back(std::move(made));
    for (const OptimizerParameter& parameter : group.parameters) take(parameter, out_.list[it->second]);
  }

  void check(const OptimizerGroup& group) {
    for (const Required& only : row_.only) {
      const auto* value = find(group, only.setting);
      if (!value || is_empty(*value) || number(*value) == only.value) continue;
      const std::string shown = is_plain(*value) ? python(*value) : "not a number";
      problem(fmt::format("{} is {}", only.setting, shown));
      if (only.setting == "weight_decay" && row_.torch == "Adam" && !find(group, "decoupled_weight_decay"))
        hint_ = "older files do not tell Adam from AdamW: say so if it is AdamW";
    }
    const auto plain = [&](std::string_view setting) {
      const auto* value = find(group, setting);
      if (!value || !is_plain(*value)) problem(fmt::format("its setting {} is missing or no number", setting));
    };
    plain("lr");
    if (row_.learning_rate == LearningRate::decaying) plain("lr_decay");
    std::ranges::for_each(row_.arguments, plain);
    if (const auto* betas = find(group, "betas"))
      if (const auto* list = std::get_if<std::vector<double>>(betas); !list || list->size() != 2)
        problem("betas are not two numbers");
  }

  std::uint64_t step_of(const OptimizerGroup& group) {
    std::set<double> steps;
    for (const OptimizerParameter& parameter : group.parameters) {
      const auto it = parameter.slots.find("step");
      if (it == parameter.slots.end()) continue;
      const double step = number(it->second).value_or(-1);
      // Above 2^53 a double skips numbers.
      if (!(step >= 0) || step > 9007199254740992.0 || step != std::floor(step))
        problem(fmt::format("the step of '{}' is no whole number", printable(parameter.name)));
      else
        steps.insert(step);
    }
    if (steps.size() > 1 && (row_.counts_steps || number_or_zero(group, "lr_decay") != 0))
      problem(fmt::format("parameters are at steps {:.0f} to {:.0f}; MLX counts one for all", *steps.begin(),
                          *steps.rbegin()));
    return steps.empty() ? 0 : static_cast<std::uint64_t>(*steps.rbegin());
  }

  static double first_beta(const OptimizerGroup& group) {
    return std::get<std::vector<double>>(*find(group, "betas"))[0];
  }

  // Of the update that follows `step` ones.
  double rate_at(const OptimizerGroup& group, std::uint64_t step) const {
    const double rate = number_or_zero(group, "lr"), steps = static_cast<double>(step);
    switch (row_.learning_rate) {
      case LearningRate::unbiased:
        return rate / (1 - std::pow(first_beta(group), steps + 1));
      case LearningRate::decaying:
        return rate / (1 + steps * number_or_zero(group, "lr_decay"));
      case LearningRate::constant:
        break;
    }
    return rate;
  }

  // MLX asks schedules with the count of steps before the update.
  std::string rate_text(const OptimizerGroup& group) const {
    const double rate = number_or_zero(group, "lr");
    if (row_.learning_rate == LearningRate::unbiased)
      return fmt::format("lambda step: {} / (1 - {} ** (step + 1))", rate, first_beta(group));
    if (row_.learning_rate == LearningRate::decaying && number_or_zero(group, "lr_decay") != 0)
      return fmt::format("lambda step: {} / (1 + step * {})", rate, number_or_zero(group, "lr_decay"));
    return fmt::format("{}", rate);
  }

  std::string constructor(const OptimizerGroup& group) const {
    std::string text = fmt::format("{}(learning_rate={}", row_.mlx, rate_text(group));
    for (const std::string_view argument : row_.arguments)
      text += fmt::format(", {}={}", argument, python(*find(group, argument)));
    if (!row_.fixed_arguments.empty()) text += fmt::format(", {}", row_.fixed_arguments);
    return text + ")";
  }

  void take(const OptimizerParameter& parameter, MlxOptimizer& made) {
    if (parameter.name.empty()) return problem("its parameters have no names");
    made.parameters.push_back(parameter.name);
    const auto shape = parameter.shape();
    if (slot_names(parameter).empty())
      ++fresh_;
    else
      any_ = true;
    for (const auto& [torch, mlx] : row_.slots) {
      const auto it = parameter.slots.find(std::string(torch));
      if (it == parameter.slots.end() || is_empty(it->second)) continue;
      const auto* tensor = std::get_if<Tensor>(&it->second);
      if (!tensor || tensor->shape != shape)
        return problem(fmt::format("{} of '{}' is no tensor of its shape", torch, printable(parameter.name)));
      made.slots[std::string(mlx)].push_back(*tensor);
      made.slots[std::string(mlx)].back().name = parameter.name;
    }
  }

  const OptimizerState& state_;
  const OptimizerRow& row_;
  MlxOptimizers out_;
  std::unordered_map<std::string, std::size_t> known_;  // of out_.list, by all that groups may differ in
  std::vector<std::string> problems_;
  std::string hint_;
  std::size_t fresh_ = 0;
  bool any_ = false;
};

}  // namespace

// Facts: torch/optim/*.py of PyTorch 2.13 and mlx/optimizers/optimizers.py of MLX 0.32.4.
std::span<const OptimizerRow> optimizers() {
  static const std::vector<OptimizerRow> rows{
      {.torch = "AdamW",
       .mlx = "AdamW",
       .told_by = {{"amsgrad"}, {"betas"}, {"decoupled_weight_decay", 1}},
       .slots = {{"exp_avg", "m"}, {"exp_avg_sq", "v"}},
       .more_slots = {"max_exp_avg_sq"},
       .only = {{"amsgrad", 0}, {"maximize", 0}, {"decoupled_weight_decay", 1}},
       .arguments = {"betas", "eps", "weight_decay"},
       .fixed_arguments = "bias_correction=True",
       .counts_steps = true},
      {.torch = "Adam",
       .mlx = "Adam",
       .told_by = {{"amsgrad"}, {"betas"}},
       .slots = {{"exp_avg", "m"}, {"exp_avg_sq", "v"}},
       .more_slots = {"max_exp_avg_sq"},
       .only = {{"amsgrad", 0}, {"maximize", 0}, {"decoupled_weight_decay", 0}, {"weight_decay", 0}},
       .arguments = {"betas", "eps"},
       .fixed_arguments = "bias_correction=True",
       .counts_steps = true},
      {.torch = "SGD",
       .mlx = "SGD",
       .told_by = {{"momentum"}, {"dampening"}, {"nesterov"}},
       .slots = {{"momentum_buffer", "v"}},
       .only = {{"maximize", 0}},
       .arguments = {"momentum", "weight_decay", "dampening", "nesterov"}},
      {.torch = "RMSprop",
       .mlx = "RMSprop",
       .told_by = {{"alpha"}, {"centered"}},
       .slots = {{"square_avg", "v"}},
       .more_slots = {"momentum_buffer", "grad_avg"},
       .only = {{"momentum", 0}, {"centered", 0}, {"weight_decay", 0}, {"maximize", 0}},
       .arguments = {"alpha", "eps"}},
      {.torch = "Adagrad",
       .mlx = "Adagrad",
       .told_by = {{"lr_decay"}, {"eps"}},
       .slots = {{"sum", "v"}},
       .only = {{"weight_decay", 0}, {"maximize", 0}},
       .arguments = {"eps"},
       .learning_rate = LearningRate::decaying},
      {.torch = "Adadelta",
       .mlx = "AdaDelta",
       .told_by = {{"rho"}, {"eps"}},
       .slots = {{"square_avg", "v"}, {"acc_delta", "u"}},
       .only = {{"weight_decay", 0}, {"maximize", 0}},
       .arguments = {"rho", "eps"}},
      {.torch = "NAdam", .mlx = {}, .told_by = {{"momentum_decay"}}},
      {.torch = "RAdam", .mlx = {}, .told_by = {{"betas"}, {"decoupled_weight_decay"}}},
      {.torch = "ASGD", .mlx = {}, .told_by = {{"lambd"}, {"t0"}}},
      {.torch = "Rprop", .mlx = {}, .told_by = {{"etas"}, {"step_sizes"}}},
      {.torch = "LBFGS", .mlx = {}, .told_by = {{"max_iter"}, {"history_size"}}},
      {.torch = "Muon", .mlx = {}, .told_by = {{"ns_coefficients"}}},
      {.torch = "Adafactor", .mlx = {}, .told_by = {{"beta2_decay"}}},
      // MLX leaves the bias of the first moment as it is.
      {.torch = "Adamax",
       .mlx = "Adamax",
       .told_by = {{"betas"}, {"eps"}},
       .slots = {{"exp_avg", "m"}, {"exp_inf", "v"}},
       .only = {{"weight_decay", 0}, {"maximize", 0}},
       .arguments = {"betas", "eps"},
       .learning_rate = LearningRate::unbiased,
       .counts_steps = true},
  };
  return rows;
}

const OptimizerRow& recognise(const OptimizerState& state, std::string_view torch_class) {
  const auto rows = optimizers();
  const bool named = !torch_class.empty();
  if (named && std::ranges::find(rows, torch_class, &OptimizerRow::torch) == rows.end())
    throw Error(ErrorKind::input, place(state),
                fmt::format("'{}' is no optimizer that is known", printable(torch_class)));
  const auto row = std::ranges::find_if(rows, [&](const OptimizerRow& candidate) {
    return (!named || candidate.torch == torch_class) && fits(candidate, state, named);
  });
  if (row == rows.end() && named)
    throw Error(ErrorKind::input, place(state), fmt::format("this is no torch.optim.{}", torch_class), unknown(state));
  if (row == rows.end())
    throw Error(ErrorKind::unsupported, place(state), "an optimizer that is not known", unknown(state));
  if (row->mlx.empty())
    throw Error(ErrorKind::unsupported, place(state),
                fmt::format("torch.optim.{} has no counterpart in mlx.optimizers", row->torch));
  return *row;
}

MlxOptimizers to_mlx(const OptimizerState& state, const OptimizerRow& row) { return Translation(state, row).run(); }

}  // namespace torch2mlx::weights
