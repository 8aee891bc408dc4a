// Higher-order operators: regions without gradients, checkpoints and autocast are what they hold; both branches of cond
// are computed and one is chosen.
#include <algorithm>
#include <array>

#include "graph/import_nodes.h"

namespace torch2mlx::graph::import {
namespace {

constexpr std::size_t deepest = 32;      // calls within calls
constexpr std::int64_t most_steps = 64;  // of a scan, which is written out

// Operators that run the one graph they are given, on the operands behind it.
constexpr std::array<std::string_view, 7> wrappers{
    "higher_order.wrap_with_set_grad_enabled",
    "higher_order.wrap_with_autocast",
    "higher_order.wrap",
    "higher_order.wrap_activation_checkpoint",
    "higher_order.tag_activation_checkpoint",
    "higher_order.invoke_subgraph",
    "higher_order.strict_mode",
};

const Json* graph_of(const Json& input) {
  const auto [kind, value] = alternative(member(input, "arg"));
  return kind == "as_graph" ? &member(value, "graph") : nullptr;
}

std::size_t first_graph(const Json& inputs) {
  std::size_t i = 0;
  while (i < inputs.size() && !graph_of(inputs[i])) ++i;
  if (i == inputs.size()) malformed("a call without a graph");
  return i;
}

// The casts that autocast adds to what runs in it stand nowhere in the file.
bool casts(const Json& inputs) {
  if (inputs.size() < 3) malformed("autocast without its settings");
  const auto enabled = alternative(member(inputs[2], "arg"));
  const auto type = alternative(member(inputs[1], "arg"));
  const bool on = enabled.name != "as_bool" || enabled.value.get<bool>();
  return on && (type.name != "as_scalar_type" || dtype(type.value) != Dtype::float32);
}

// The operator that auto_functionalized calls; empty where there is none.
std::string written_by(const Json& inputs) {
  constexpr std::string_view start = "torch.ops.";
  for (const Json& input : inputs) {
    const auto given = alternative(member(input, "arg"));
    if (given.name != "as_operator") continue;
    const std::string name = text(given.value);
    return printable(name.starts_with(start) ? name.substr(start.size()) : name);
  }
  return {};
}

}  // namespace

// Arguments `from` up to `to`, lists taken apart.
std::vector<Arg> Nodes::operands(const Json& inputs, std::size_t from, const Node& node, std::size_t to) {
  std::vector<Arg> all;
  for (std::size_t i = from; i < std::min(to, inputs.size()); ++i) {
    if (inputs[i].contains("kind") && inputs[i]["kind"] == 2) continue;  // settings of a checkpoint
    Arg value = arg(member(inputs[i], "arg"), node);
    if (auto* list = std::get_if<List>(&static_cast<Arg::variant&>(value)))
      all.insert(all.end(), list->begin(), list->end());
    else if (!value.is<std::string>())  // the name of a subgraph
      all.push_back(std::move(value));
  }
  return all;
}

void Nodes::call(const Json& json, const Node& node) {
  const Json& inputs = member(json, "inputs");
  const std::vector<std::string> names = result_names(json);
  std::optional<std::vector<Arg>> results;
  if (node.op == "higher_order.cond") {
    results = cond(json, node);
  } else if (node.op == "higher_order.scan") {
    results = scan(json, node);
  } else if (std::ranges::find(wrappers, node.op) == wrappers.end()) {
    const std::string written = written_by(inputs);
    problem(node, written.empty() ? fmt::format("{} has no exact form", node.op.substr(13))
                                  : fmt::format("{} writes to its arguments, which has no exact form", written));
  } else if (node.op == "higher_order.wrap_with_autocast" && casts(inputs)) {
    problem(node,
            "autocast to a narrower type, whose casts the file does not hold; export with run_decompositions({})");
  } else {
    const std::size_t at = first_graph(inputs);
    results = run(*graph_of(inputs[at]), operands(inputs, at + 1, node), node);
  }
  if (results && results->size() != names.size()) malformed("a graph and its call differ in results");
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) continue;
    if (results)
      alias(names[i], (*results)[i]);
    else
      define(names[i]);
  }
}

std::vector<Arg> Nodes::run(const Json& graph, const std::vector<Arg>& operands, const Node& call) {
  if (frames_.size() > deepest) throw Error(ErrorKind::unsupported, {}, "calls of graphs nested too deeply");
  const Json& inputs = member(graph, "inputs");
  if (inputs.size() != operands.size()) malformed("a graph and its call differ in operands");
  Frame frame{&graph, {}, call.scope, call.place};
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const auto [kind, value] = alternative(inputs[i]);
    if (kind == "as_tensor")
      frame.values[text(member(value, "name"))] = operands[i];
    else if (value.is_object() && value.contains("as_name"))
      frame.values[text(value["as_name"])] = operands[i];
  }
  frames_.push_back(std::move(frame));
  for (const Json& node : member(graph, "nodes")) add(node);
  std::vector<Arg> results;
  for (const Json& output : member(graph, "outputs")) {
    Arg result = arg(output, call);
    if (auto* list = std::get_if<List>(&static_cast<Arg::variant&>(result)))
      results.insert(results.end(), list->begin(), list->end());
    else
      results.push_back(std::move(result));
  }
  frames_.pop_back();
  return results;
}

// torch.cond's branches are pure, so that computing both is exact; a branch that is not chosen leaves no trace, nan or
// not.
std::optional<std::vector<Arg>> Nodes::cond(const Json& json, const Node& node) {
  const Json& inputs = member(json, "inputs");
  if (inputs.size() < 3 || !graph_of(inputs[1]) || !graph_of(inputs[2])) malformed("cond without its two graphs");
  const Json &yes_graph = *graph_of(inputs[1]), &no_graph = *graph_of(inputs[2]);
  const Arg condition = arg(member(inputs[0], "arg"), node);
  const std::vector<Arg> given = operands(inputs, 3, node);
  if (const bool* fixed = condition.get_if<bool>()) return run(*fixed ? yes_graph : no_graph, given, node);
  const Ref* ref = condition.get_if<Ref>();
  if (!ref || graph_.type(*ref).kind != ValueKind::tensor) {
    problem(node, "torch.cond on a condition of sizes");
    return std::nullopt;
  }
  if (writes_to_operands(yes_graph) || writes_to_operands(no_graph)) {
    problem(node, "torch.cond whose branch writes to its operands");
    return std::nullopt;
  }
  const std::vector<Arg> yes = run(yes_graph, given, node), no = run(no_graph, given, node);
  const std::vector<std::string> names = result_names(json);
  if (yes.size() != names.size() || no.size() != names.size()) malformed("branches of cond that differ in results");
  std::vector<Arg> results;
  for (std::size_t i = 0; i < names.size(); ++i) results.push_back(choose(condition, yes[i], no[i], names[i], node));
  return results;
}

// where(condition, yes, no), of the type that both have.
Arg Nodes::choose(Arg condition, const Arg& yes, const Arg& no, const std::string& name, const Node& node) {
  if (yes == no) return yes;
  const Ref *a = yes.get_if<Ref>(), *b = no.get_if<Ref>();
  if (!a || !b || graph_.type(*a).kind != ValueKind::tensor || graph_.type(*a) != graph_.type(*b)) {
    problem(node, "torch.cond whose branches give different shapes, types or numbers");
    return yes;
  }
  const Type single{ValueKind::tensor, Dtype::boolean, {}, {}};
  if (!graph_.type(condition.as<Ref>()).shape.empty())
    condition = append("aten.reshape.default", {{"", condition}, {"", List{}}}, single, "condition", node);
  return append("aten.where.self", {{"", condition}, {"", yes}, {"", no}}, graph_.type(*a), name, node);
}

Ref Nodes::append(const char* op, std::vector<Argument> args, Type type, const std::string& name, const Node& call) {
  const Ref result = graph_.add_value(name, std::move(type));
  graph_.nodes.push_back({op, std::move(args), {result}, call.scope, call.place});
  return result;
}

// One step after another: carry, item = step(carry, x[i]); the carries that are left, then the items of all steps.
std::optional<std::vector<Arg>> Nodes::scan(const Json& json, const Node& node) {
  const Json& inputs = member(json, "inputs");
  if (inputs.size() < 3 || !graph_of(inputs[0])) malformed("scan without its graph");
  const Json& step = *graph_of(inputs[0]);
  std::vector<Arg> carry = operands(inputs, 1, node, 2);
  const std::vector<Arg> xs = operands(inputs, 2, node, 3), rest = operands(inputs, 3, node);
  std::optional<std::int64_t> count;
  for (const Arg& x : xs) {
    const auto* ref = x.get_if<Ref>();
    if (!ref || graph_.type(*ref).shape.empty()) malformed("a scan over what has no axes");
    count = graph_.type(*ref).shape[0].constant();
  }
  if (!count || *count < 1 || *count > most_steps || writes_to_operands(step)) {
    problem(node, fmt::format("torch scan over more than {} steps, or over a size that is not constant", most_steps));
    return std::nullopt;
  }
  std::vector<List> items;
  for (std::int64_t i = 0; i < *count; ++i) {
    std::vector<Arg> given = carry;
    for (const Arg& x : xs) {
      Type type = graph_.type(x.as<Ref>());
      type.shape.erase(type.shape.begin());
      given.emplace_back(append("aten.select.int", {{"", x}, {"", 0}, {"", i}}, std::move(type), "item", node));
    }
    given.insert(given.end(), rest.begin(), rest.end());
    const std::vector<Arg> out = run(step, given, node);
    if (out.size() < carry.size()) malformed("a scan's graph gives less than it carries");
    items.resize(out.size() - carry.size());
    for (std::size_t k = 0; k < out.size(); ++k)
      (k < carry.size() ? carry[k] : items[k - carry.size()].emplace_back()) = out[k];
  }
  for (List& all : items) {
    if (!all.front().is<Ref>()) malformed("a scan's result that is no tensor");
    Type type = graph_.type(all.front().as<Ref>());
    type.shape.insert(type.shape.begin(), *count);
    carry.emplace_back(append("aten.stack.default", {{"", std::move(all)}}, std::move(type), "stacked", node));
  }
  return carry;
}

// torch.export traces no such branch; a file may hold one.
bool Nodes::writes_to_operands(const Json& graph) const {
  std::vector<std::string> own;
  for (const Json& input : member(graph, "inputs"))
    if (const auto [kind, value] = alternative(input); kind == "as_tensor") own.push_back(text(member(value, "name")));
  return std::ranges::any_of(member(graph, "nodes"), [&](const Json& node) {
    const std::string target = text(member(node, "target")), name = target.substr(0, target.rfind('.'));
    const Json& inputs = member(node, "inputs");
    if (!name.ends_with('_') || name.ends_with("__") || inputs.empty()) return false;
    const auto [kind, value] = alternative(member(inputs[0], "arg"));
    return kind == "as_tensor" && std::ranges::find(own, text(member(value, "name"))) != own.end();
  });
}

}  // namespace torch2mlx::graph::import
