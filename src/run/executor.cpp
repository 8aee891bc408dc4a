#include "run/executor.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "ops/call.h"
#include "run/input_sizes.h"

namespace torch2mlx::run {
namespace {

using graph::Arg;
using graph::Graph;
using graph::Input;
using graph::InputKind;
using graph::Node;
using graph::Ref;
using ops::Slot;
using ops::Slots;
namespace mx = ops::mx;

class Environment {
 public:
  // `used`: values that nodes or results need; others may be missing.
  Environment(const Graph& graph, const std::vector<bool>& used, const Arrays& parameters, const Slots& inputs,
              bool any_sizes)
      : graph_(graph), used_(used), values_(graph.values.size()) {
    std::vector<std::string> problems;
    if (!any_sizes) problems = misfits(graph, inputs);
    std::size_t user = 0;
    for (const Input& input : graph.inputs) bind(input, parameters, inputs, user, problems);
    if (problems.empty()) return;
    throw Error(ErrorKind::input, {}, fmt::format("{} inputs do not fit the graph", problems.size()), {}, problems);
  }

  Slot get(const Arg& arg) const {
    if (const auto* ref = arg.get_if<Ref>()) return values_[ref->id];
    if (const auto* list = arg.get_if<graph::List>()) {
      Slots slots;
      for (const Arg& item : *list) slots.push_back(get(item));
      return slots;
    }
    return std::visit(
        [](const auto& value) -> Slot {
          using T = std::decay_t<decltype(value)>;
          if constexpr (std::is_same_v<T, Ref> || std::is_same_v<T, graph::List>)
            return {};
          else
            return value;
        },
        static_cast<const Arg::variant&>(arg));
  }

  void run(const Node& node) {
    const ops::Info* info = ops::find(node.op);
    if (!info)
      throw Error(ErrorKind::unsupported, graph::place_of(graph_, node), fmt::format("'{}' is not an MLX op", node.op));
    Slots arguments(info->count);
    std::size_t position = 0;
    for (const auto& argument : node.args)
      arguments[position_of(*info, argument.name, position, node)] = get(argument.value);
    try {
      Slots results = ops::call(*info, arguments);
      for (std::size_t i = 0; i < node.results.size(); ++i) values_[node.results[i].id] = std::move(results.at(i));
    } catch (const std::exception& error) {
      throw Error(ErrorKind::unsupported, graph::place_of(graph_, node),
                  fmt::format("MLX refused to compute it: {}", error.what()));
    }
  }

 private:
  std::size_t position_of(const ops::Info& info, const std::string& name, std::size_t& position,
                          const Node& node) const {
    if (name.empty()) return position++;
    for (std::size_t i = 0; i < info.count; ++i)
      if (info.parameters[i].name == name) return i;
    throw Error(ErrorKind::unsupported, graph::place_of(graph_, node),
                fmt::format("'{}' takes no argument '{}'", node.op, name));
  }

  void bind(const Input& input, const Arrays& parameters, const Slots& inputs, std::size_t& user,
            std::vector<std::string>& problems) {
    Slot& slot = values_[input.value.id];
    if (input.kind == InputKind::user) {
      if (user == inputs.size()) return problems.push_back(fmt::format("{}: no value is given", input.target));
      slot = inputs[user++];
      return;
    }
    const auto it = parameters.find(input.target);
    const auto constant = graph_.constants.find(input.target);
    if (it == parameters.end() && constant == graph_.constants.end() && !used_[input.value.id]) return;
    if (it == parameters.end() && constant == graph_.constants.end())
      return problems.push_back(fmt::format("{}: missing", input.target));
    if (it == parameters.end()) {
      slot = to_array(constant->second);
      return;
    }
    const graph::Shape given(it->second.shape().begin(), it->second.shape().end());
    const graph::Shape& wanted = graph_.type(input.value).shape;
    if (given != wanted)
      return problems.push_back(
          fmt::format("{}: shape {} where the graph has {}", input.target, graph::str(given), graph::str(wanted)));
    slot = it->second;
  }

  const Graph& graph_;
  const std::vector<bool>& used_;
  std::vector<Slot> values_;
};

// Computes the condition.
void require(const Graph& graph, const Node& node, const Slot& condition) {
  mx::array holds = *condition.get_if<mx::array>();
  const Arg* expected = node.find("expected");
  if (mx::astype(holds, mx::bool_).item<bool>() == (!expected || expected->as<bool>())) return;
  const Arg* message = node.find("message");
  throw Error(ErrorKind::input, graph::place_of(graph, node),
              message ? message->as<std::string>() : "this model was traced with other values");
}

bool inside(const Graph& graph, std::uint32_t scope, std::uint32_t ancestor) {
  while (scope != ancestor && scope != 0) scope = graph.scopes[scope].parent;
  return scope == ancestor;
}

}  // namespace

std::vector<std::vector<Ref>> module_results(const Graph& graph) {
  std::vector<std::vector<Ref>> results(graph.scopes.size());
  constexpr std::uint32_t none = UINT32_MAX;
  std::vector<std::uint32_t> defined(graph.values.size(), none);
  for (const Node& node : graph.nodes)
    for (const Ref ref : node.results) defined[ref.id] = node.scope;
  // A value leaves every scope between its definition and the innermost one that also holds the use.
  const auto leave = [&](Ref ref, std::uint32_t user) {
    for (std::uint32_t scope = defined[ref.id]; scope != none && scope != 0 && !inside(graph, user, scope);
         scope = graph.scopes[scope].parent)
      if (results[scope].empty() || results[scope].back() != ref)
        if (std::find(results[scope].begin(), results[scope].end(), ref) == results[scope].end())
          results[scope].push_back(ref);
  };
  for (const Node& node : graph.nodes)
    for (const auto& argument : node.args)
      graph::for_each_ref(argument.value, [&](const Ref& ref) { leave(ref, node.scope); });
  for (const auto& output : graph.outputs)
    graph::for_each_ref(output.value, [&](const Ref& ref) {
      leave(ref, 0);
      if (defined[ref.id] != none && std::find(results[0].begin(), results[0].end(), ref) == results[0].end())
        results[0].push_back(ref);
    });
  for (auto& refs : results) std::sort(refs.begin(), refs.end());
  return results;
}

Executor::Executor(graph::Graph graph)
    : graph_(std::move(graph)), used_(graph_.values.size()), module_results_(module_results(graph_)) {
  const auto use = [this](const graph::Arg& arg) {
    graph::for_each_ref(arg, [this](const Ref& ref) { used_[ref.id] = true; });
  };
  for (const Node& node : graph_.nodes)
    for (const auto& argument : node.args) use(argument.value);
  for (const auto& output : graph_.outputs) use(output.value);
}

Result Executor::run(const Arrays& parameters, const Slots& inputs, Options options) const {
  Environment environment(graph_, used_, parameters, inputs, options.any_sizes);
  for (const Node& node : graph_.nodes) {
    environment.run(node);
    if (!options.any_sizes && ops::requires_condition(node.op)) require(graph_, node, environment.get(node.result()));
  }
  Result result;
  for (const auto& output : graph_.outputs) result.outputs.push_back(environment.get(output.value));
  if (!options.activations) return result;
  const Input* key = graph::key_of(graph_);
  const std::vector<bool> random = key ? graph::reached_from(graph_, key->value) : std::vector<bool>();
  for (std::size_t i = 0; i < graph_.scopes.size(); ++i) {
    const graph::Scope& scope = graph_.scopes[i];
    auto& kept = result.activations[scope.call == 0 ? scope.path : fmt::format("{}#{}", scope.path, scope.call)];
    for (const Ref ref : module_results_[i]) {
      if (key && random[ref.id]) continue;
      const Slot slot = environment.get(ref);
      if (const auto* array = slot.get_if<mx::array>()) kept.push_back(*array);
    }
  }
  return result;
}

}  // namespace torch2mlx::run
