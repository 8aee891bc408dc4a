#include "run/input_sizes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "run/executor.h"

namespace torch2mlx::run {
namespace {

namespace mx = ops::mx;
using graph::Dim;
using graph::Graph;
using graph::Input;
using graph::InputKind;
using graph::Ref;
using Binding = std::map<std::string, std::int64_t, std::less<>>;

// The smallest size that torch.export leaves open: it takes zero and one for constants.
constexpr std::int64_t open_minimum = 2;

std::vector<const Input*> tensors(const Graph& graph) {
  std::vector<const Input*> inputs;
  for (const Input& input : graph.inputs)
    if (input.kind == InputKind::user && graph.type(input.value).kind == graph::ValueKind::tensor)
      inputs.push_back(&input);
  return inputs;
}

mx::array lazy(const graph::Type& type, const Binding& sizes) {
  mx::Shape shape;
  for (const Dim& dim : type.shape) shape.push_back(static_cast<mx::ShapeElem>(dim.evaluate(sizes)));
  return mx::array(std::move(shape), ops::to_mlx(type.dtype), nullptr, {});
}

// Calls a graph on arrays of other sizes, without computing anything.
class Trial {
 public:
  explicit Trial(const Graph& graph) : executor_(graph) {
    for (const graph::Symbol& symbol : graph.symbols)
      example_[symbol.name] = symbol.example ? symbol.example : std::max(symbol.min, open_minimum);
    for (const Input* input : tensors(graph))  // text may leave out what it knows nothing of
      for (const Dim& dim : graph.type(input->value).shape)
        for (const std::string& name : dim.symbols()) example_.try_emplace(name, open_minimum + 1);
    for (const Input& input : graph.inputs)
      if (input.kind != InputKind::user)
        parameters_.insert_or_assign(input.target, lazy(graph.type(input.value), example_));
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
      inputs.push_back(type.kind == graph::ValueKind::tensor ? ops::Slot(lazy(type, example_)) : number(type));
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
  Binding example_;
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

std::vector<std::string> misfits(const Graph& graph, const ops::Slots& inputs) {
  std::vector<std::string> problems;
  std::vector<std::pair<const Input*, const mx::array*>> given;
  std::size_t user = 0;
  for (const Input& input : graph.inputs) {
    if (input.kind != InputKind::user || user == inputs.size()) continue;
    const ops::Slot& slot = inputs[user++];
    if (const auto* array = slot.get_if<mx::array>()) given.emplace_back(&input, array);
  }
  Binding sizes;
  for (const auto& [input, array] : given)
    for (std::size_t axis = 0; axis < std::min(array->ndim(), graph.type(input->value).shape.size()); ++axis)
      if (const auto symbol = graph.type(input->value).shape[axis].as_symbol())
        sizes.try_emplace(*symbol, array->shape(static_cast<int>(axis)));
  const std::vector<SizeRule> rules = size_rules(graph);
  for (const auto& [input, array] : given) {
    const graph::Shape& wanted = graph.type(input->value).shape;
    bool fits = array->ndim() == wanted.size();
    std::string range;
    for (const SizeRule& rule : rules) {
      if (!fits || rule.input != input->value) continue;
      const std::int64_t size = array->shape(static_cast<int>(rule.axis));
      if (bounded(rule)) {
        if (size < rule.min || size > rule.max)
          range += fmt::format(", {} in {}..{}", rule.size.str(), rule.min, rule.max);
        continue;
      }
      const auto symbols = rule.size.symbols();
      const bool known = std::ranges::all_of(symbols, [&](const auto& name) { return sizes.contains(name); });
      fits = !known || rule.size.evaluate(sizes) == size;
    }
    if (fits && range.empty()) continue;
    problems.push_back(fmt::format("{}: shape [{}] where the graph has {}{}", input->target,
                                   fmt::join(array->shape(), ", "), graph::str(wanted), range));
  }
  return problems;
}

}  // namespace torch2mlx::run
