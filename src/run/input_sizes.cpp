#include "run/input_sizes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "ops/placeholder.h"
#include "run/executor.h"

namespace torch2mlx::run {
namespace {

namespace mx = ops::mx;
using graph::Dim;
using graph::Graph;
using graph::Input;
using graph::InputKind;
using graph::Ref;

// The smallest size that torch.export leaves open: it takes zero and one for constants.
constexpr std::int64_t open_minimum = 2;

std::vector<const Input*> tensors(const Graph& graph) {
  std::vector<const Input*> inputs;
  for (const Input& input : graph.inputs)
    if (input.kind == InputKind::user && graph.type(input.value).kind == graph::ValueKind::tensor)
      inputs.push_back(&input);
  return inputs;
}

// Calls a graph on arrays of other sizes, without computing anything.
class Trial {
 public:
  explicit Trial(const Graph& graph) : Trial(graph, example_sizes(graph)) {}
  Trial(const Graph& graph, Sizes example) : executor_(graph), example_(std::move(example)) {
    for (const Input& input : graph.inputs)
      if (input.kind != InputKind::user)
        parameters_.insert_or_assign(input.target, ops::placeholder(graph.type(input.value), example_));
  }

  std::int64_t at_example(const Dim& dim) const { return dim.evaluate(example_); }

  // Does MLX accept the example's sizes with these axes changed?
  bool accepts(const std::map<std::pair<Ref, std::size_t>, std::int64_t>& changed) const {
    ops::Slots inputs;
    for (const Input& input : graph().inputs) {
      if (input.kind != InputKind::user) continue;
      graph::Type type = graph().type(input.value);
      for (std::size_t axis = 0; axis < type.shape.size(); ++axis)
        if (const auto it = changed.find({input.value, axis}); it != changed.end()) type.shape[axis] = it->second;
      inputs.push_back(type.kind == graph::ValueKind::tensor ? ops::Slot(ops::placeholder(type, example_))
                                                             : number(type));
    }
    try {
      executor_.run(parameters_, inputs, {.any_sizes = true});
      return true;
    } catch (const std::exception&) {
      return false;
    }
  }

 private:
  const Graph& graph() const { return executor_.graph(); }

  ops::Slot number(const graph::Type& type) const {
    if (type.kind == graph::ValueKind::floating) return 1.0;
    if (type.kind == graph::ValueKind::boolean) return true;
    return type.size ? type.size->evaluate(example_) : std::int64_t{1};
  }

  Executor executor_;
  Sizes example_;
  Arrays parameters_;
};

bool bounded(const SizeRule& rule) { return rule.min != 0 || rule.max != INT64_MAX; }

// Sizes next to the right one, beyond it, and the one that every size is broadcast from.
std::set<std::int64_t> others(const SizeRule& rule, std::int64_t example) {
  std::set<std::int64_t> sizes;
  if (bounded(rule)) {
    if (rule.max != INT64_MAX) sizes.insert(rule.max + 1);
    if (rule.min != 0) sizes.insert(rule.min - 1);
    return sizes;
  }
  sizes = {example + 1, example - 1, 2 * example};
  if (rule.size.constant()) sizes.insert(1);
  const std::int64_t least = rule.size.constant() ? 1 : open_minimum;
  std::erase_if(sizes, [&](std::int64_t size) { return size < least || size == example; });
  return sizes;
}

using Given = std::map<Ref, std::vector<std::int64_t>>;

// Why a size breaks a rule; nothing if it keeps it, or if the sizes do not tell.
std::string objection(const SizeRule& rule, std::int64_t size, const Sizes& told) {
  if (bounded(rule)) {
    if (size >= rule.min && size <= rule.max) return {};
    if (rule.max == INT64_MAX) return fmt::format("is {} or more", rule.min);
    if (rule.max == rule.min) return fmt::format("is always {}", rule.min);
    return fmt::format("is {} to {}", std::max<std::int64_t>(rule.min, 1), rule.max);
  }
  const auto symbols = rule.size.symbols();
  if (std::ranges::any_of(symbols, [&](const auto& name) { return !told.contains(name); })) return {};
  const std::int64_t wanted = rule.size.evaluate(told);
  if (wanted == size) return {};
  return symbols.empty() ? fmt::format("is always {}", wanted) : fmt::format("is {}, here {}", rule.size.str(), wanted);
}

// What the shapes tell of the symbols, the first of each; and what of them does not fit, one line each.
std::vector<std::string> bind_sizes(const Graph& graph, const Given& given, Sizes& told) {
  std::vector<std::string> problems;
  const auto fits = [&](Ref ref) {
    const auto it = given.find(ref);
    return it != given.end() && it->second.size() == graph.type(ref).shape.size();
  };
  for (const auto& [ref, shape] : given) {
    const graph::Shape& wanted = graph.type(ref).shape;
    if (!fits(ref))
      problems.push_back(fmt::format("{}: has {} axes, not {}", graph.input(ref)->target, wanted.size(), shape.size()));
    for (std::size_t axis = 0; axis < shape.size() && fits(ref); ++axis)
      if (const auto symbol = wanted[axis].as_symbol()) told.try_emplace(*symbol, shape[axis]);
  }
  for (const SizeRule& rule : size_rules(graph)) {
    if (!fits(rule.input)) continue;
    const std::int64_t size = given.at(rule.input)[rule.axis];
    if (const std::string why = objection(rule, size, told); !why.empty())
      problems.push_back(
          fmt::format("{}: axis {} cannot be {}: it {}", graph.input(rule.input)->target, rule.axis, size, why));
  }
  return problems;
}

void add_broken(const Graph& graph, const graph::Condition::Shapes& shapes, std::vector<std::string>& problems) {
  for (const graph::Condition& condition : graph.conditions)
    if (condition.holds(shapes) == false) problems.push_back(fmt::format("{} does not hold", condition.str()));
}

}  // namespace

std::vector<SizeRule> size_rules(const Graph& graph) {
  std::vector<SizeRule> rules;
  std::set<std::string> known;
  for (const Input* input : tensors(graph)) {
    const graph::Shape& shape = graph.type(input->value).shape;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      if (std::ranges::find(input->open_axes, axis) != input->open_axes.end()) continue;
      SizeRule rule{input->value, axis, shape[axis]};
      const auto name = rule.size.as_symbol();
      if (name && known.insert(*name).second) {
        const auto symbol = std::ranges::find(graph.symbols, *name, &graph::Symbol::name);
        if (symbol == graph.symbols.end()) continue;
        rule.min = symbol->min <= open_minimum ? 0 : symbol->min;
        rule.max = symbol->max;
        if (!bounded(rule)) continue;
      }
      rules.push_back(std::move(rule));
    }
  }
  return rules;
}

std::vector<SizeRule> unenforced_rules(const Graph& graph) {
  std::vector<SizeRule> rules = size_rules(graph);
  std::set<Ref> used;
  for (const graph::Node& node : graph.nodes)
    for (const graph::Argument& argument : node.args)
      graph::for_each_ref(argument.value, [&](const Ref& ref) { used.insert(ref); });
  std::erase_if(rules, [&](const SizeRule& rule) { return !used.contains(rule.input); });
  if (rules.empty()) return rules;
  const Trial trial(graph);
  if (!trial.accepts({})) return rules;  // then nothing can be learnt from what it refuses
  std::vector<SizeRule> unenforced;
  for (const SizeRule& rule : rules) {
    const std::int64_t example = trial.at_example(rule.size);
    const auto accepted = [&](std::int64_t size) {
      std::map<std::pair<Ref, std::size_t>, std::int64_t> changed;
      // A symbol changes everywhere; a fixed size alone, or with its twins (the sides of an image).
      const bool everywhere = bounded(rule);
      changed[{rule.input, rule.axis}] = size;
      if (everywhere)
        for (const Input* input : tensors(graph))
          for (std::size_t axis = 0; axis < graph.type(input->value).shape.size(); ++axis)
            if (graph.type(input->value).shape[axis] == rule.size) changed[{input->value, axis}] = size;
      if (trial.accepts(changed)) return true;
      if (everywhere) return false;
      const std::size_t alone = changed.size();
      for (const SizeRule& twin : rules)
        if (twin.input == rule.input && twin.size == rule.size) changed[{twin.input, twin.axis}] = size;
      return changed.size() > alone && trial.accepts(changed);
    };
    if (std::ranges::any_of(others(rule, example), accepted)) unenforced.push_back(rule);
  }
  return unenforced;
}

bool accepts(const Graph& graph, const std::map<std::string, std::int64_t>& symbols) {
  Sizes sizes = example_sizes(graph);
  for (const auto& [name, size] : symbols) sizes[name] = size;
  try {
    return Trial(graph, std::move(sizes)).accepts({});
  } catch (const Error&) {
    return false;  // a size that no array has
  }
}

Sizes example_sizes(const Graph& graph) {
  Sizes sizes;
  for (const graph::Symbol& symbol : graph.symbols)
    sizes[symbol.name] = symbol.example ? symbol.example : std::max(symbol.min, open_minimum);
  for (const Input* input : tensors(graph))  // text may leave out what it knows nothing of
    for (const Dim& dim : graph.type(input->value).shape)
      for (const std::string& name : dim.symbols()) sizes.try_emplace(name, open_minimum + 1);
  return sizes;
}

std::vector<std::string> misfits(const Graph& graph, const ops::Slots& inputs) {
  Given given;
  graph::Condition::Shapes shapes;
  std::size_t user = 0;
  for (const Input& input : graph.inputs) {
    if (input.kind != InputKind::user || user == inputs.size()) continue;
    const auto* array = inputs[user++].get_if<mx::array>();
    if (!array) continue;
    const std::vector<std::int64_t> shape(array->shape().begin(), array->shape().end());
    given.emplace(input.value, shape);
    shapes.emplace(input.target, shape);
  }
  Sizes told;
  std::vector<std::string> problems = bind_sizes(graph, given, told);
  add_broken(graph, shapes, problems);
  return problems;
}

Sizes sizes_for(const Graph& graph, const std::map<std::string, std::vector<std::int64_t>>& shapes) {
  Given given;
  std::vector<std::string> problems;
  for (const auto& [name, shape] : shapes) {
    const auto input = std::ranges::find_if(
        graph.inputs, [&](const Input& i) { return i.kind == InputKind::user && i.target == name; });
    if (input == graph.inputs.end())
      problems.push_back(fmt::format("{}: is no input of the model", name));
    else
      given.emplace(input->value, shape);
  }
  Sizes sizes;
  for (std::string& problem : bind_sizes(graph, given, sizes)) problems.push_back(std::move(problem));
  sizes.merge(example_sizes(graph));
  for (const auto& [ref, shape] : given)
    if (problems.empty() && graph::evaluate(graph.type(ref).shape, sizes) != shape)
      problems.push_back(fmt::format("{}: its shape is {} at these sizes, not [{}]", graph.input(ref)->target,
                                     graph::str(graph.type(ref).shape), fmt::join(shape, ", ")));
  if (problems.empty()) add_broken(graph, shapes_at(graph, sizes), problems);
  if (!problems.empty())
    throw Error(ErrorKind::input, "shapes", fmt::format("{} sizes do not fit the graph", problems.size()), {},
                problems);
  return sizes;
}

}  // namespace torch2mlx::run
