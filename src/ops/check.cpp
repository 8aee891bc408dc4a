#include "ops/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "ops/infer.h"
#include "ops/table.h"

namespace torch2mlx::ops {
namespace {

using graph::Arg;
using graph::List;
using graph::Node;
using graph::Ref;
using graph::Type;
using graph::ValueKind;

class TableChecker {
 public:
  explicit TableChecker(const graph::Graph& graph) : graph_(graph), inference_(graph.symbols) {}

  std::vector<std::string> run() {
    for (const Node& node : graph_.nodes) check(node);
    return std::move(problems_);
  }

 private:
  void check(const Node& node) {
    const Info* info = find(node.op);
    if (!info) return problem(node, "is no op of MLX's table");
    const std::size_t known = problems_.size();
    const std::vector<Arg> args = arguments(node, *info);
    for (std::size_t i = 0; i < args.size(); ++i)
      if (!fits(info->parameters[i].kind, args[i]))
        problem(node, fmt::format("'{}' is of another kind than its row says, or absent", info->parameters[i].name));
    if (problems_.size() == known) results(node, *info, args);
  }

  // One a parameter, absent ones empty.
  std::vector<Arg> arguments(const Node& node, const Info& info) {
    std::vector<Arg> args(info.count);
    std::vector<bool> given(info.count);
    std::size_t position = 0;
    for (const graph::Argument& argument : node.args) {
      std::size_t at = position;
      if (argument.name.empty()) {
        if (position++ >= info.operands) {
          problem(node, fmt::format("has {} operands, its row {}", position, info.operands));
          continue;
        }
      } else {
        at = std::ranges::find(info.params(), argument.name, &Parameter::name) - info.params().begin();
        if (at == info.count || at < info.operands) {
          problem(node, fmt::format("has no named parameter '{}'", argument.name));
          continue;
        }
      }
      if (given[at]) problem(node, fmt::format("is given '{}' twice", info.parameters[at].name));
      given[at] = true;
      args[at] = argument.value;
    }
    return args;
  }

  std::optional<ValueKind> kind(const Arg& arg) const {
    const auto* ref = arg.get_if<Ref>();
    return ref ? std::optional(graph_.type(*ref).kind) : std::nullopt;
  }
  bool is_integer(const Arg& arg) const { return arg.is<std::int64_t>() || kind(arg) == ValueKind::integer; }
  bool is_number(const Arg& arg) const {
    return is_integer(arg) || arg.is<double>() || arg.is<bool>() || kind(arg) == ValueKind::floating;
  }
  bool is_array(const Arg& arg) const { return kind(arg) || is_number(arg); }

  template <class F>
  bool all_of(const Arg& arg, F&& f) const {
    const auto* list = arg.get_if<List>();
    return list && std::ranges::all_of(*list, f);
  }

  bool fits(Kind wanted, const Arg& arg) const {
    if (arg.is<std::monostate>()) return optional(wanted);
    switch (wanted) {
      case Kind::array:
        return is_array(arg);
      case Kind::optional_array:
        return kind(arg) == ValueKind::tensor;
      case Kind::arrays:
        return all_of(arg, [&](const Arg& item) { return is_array(item); });
      case Kind::integer:
      case Kind::optional_integer:
        return is_integer(arg);
      case Kind::integers:
      case Kind::optional_integers:
        return all_of(arg, [&](const Arg& item) { return is_integer(item); });
      case Kind::number:
      case Kind::optional_number:
        return is_number(arg);
      case Kind::boolean:
      case Kind::optional_boolean:
        return arg.is<bool>();
      case Kind::text:
      case Kind::optional_text:
        return arg.is<std::string>();
      case Kind::dtype:
        return arg.is<Dtype>();
      case Kind::items:
        return arg.is<List>();
    }
    return false;
  }

  void results(const Node& node, const Info& info, const std::vector<Arg>& args) {
    const ValueKind wanted = info.integer    ? ValueKind::integer
                             : info.floating ? ValueKind::floating
                             : info.boolean  ? ValueKind::boolean
                                             : ValueKind::tensor;
    for (const Ref ref : node.results)
      if (graph_.type(ref).kind != wanted) problem(node, fmt::format("'{}' is of another kind", graph_[ref].name));
    if (!info.several && node.results.size() != 1)
      return problem(node, fmt::format("has {} results, its row one", node.results.size()));
    if (wanted == ValueKind::tensor && graph_.conditions.empty()) types(node, args);
  }

  void types(const Node& node, const std::vector<Arg>& args) {
    std::vector<Type> stated;
    for (const Ref ref : node.results) stated.push_back(graph_.type(ref));
    try {
      const std::vector<Type> types = inference_.infer(graph_, node.op, args, stated);
      if (types.size() != stated.size())
        return problem(node, fmt::format("has {} results, MLX gives {}", stated.size(), types.size()));
      for (std::size_t i = 0; i < types.size(); ++i)
        if (types[i].dtype != stated[i].dtype || !same(node, types[i].shape, stated[i].shape))
          problem(node, fmt::format("'{}' is stated as {}{}, MLX gives {}{}", graph_[node.results[i]].name,
                                    row(stated[i].dtype).text, graph::str(stated[i].shape), row(types[i].dtype).text,
                                    graph::str(types[i].shape)));
    } catch (const Error& error) {
      problem(node, error.message());
    }
  }

  // A slice ends where its array ends; that it ends before, a pass may know of the gather that it was.
  bool same(const Node& node, graph::Shape made, const graph::Shape& stated) const {
    bool open = false;
    for (const graph::Argument& argument : node.args)
      if (!argument.name.empty()) graph::for_each_ref(argument.value, [&](const Ref&) { open = true; });
    if (open && (node.op == "slice" || node.op == "index") && made.size() == stated.size())
      for (std::size_t i = 0; i < made.size(); ++i)
        if (!made[i].constant() || !stated[i].constant()) made[i] = stated[i];
    return inference_.same(made, stated);
  }

  void problem(const Node& node, const std::string& message) {
    problems_.push_back(fmt::format("{}: {} {}", graph::place_of(graph_, node), node.op, message));
  }

  const graph::Graph& graph_;
  Inference inference_;
  std::vector<std::string> problems_;
};

}  // namespace

void check(const graph::Graph& graph) {
  std::vector<std::string> problems = TableChecker(graph).run();
  if (problems.empty()) return;
  const std::string first = problems.front();
  throw Error(ErrorKind::input, "graph", fmt::format("does not agree with the table of ops: {}", first), {},
              problems.size() > 1 ? std::move(problems) : std::vector<std::string>{});
}

}  // namespace torch2mlx::ops
