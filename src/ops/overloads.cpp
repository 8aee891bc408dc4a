#include "ops/overloads.h"

#include <algorithm>

#include "ops/lowering.h"
#include "ops/lowering_table.h"

namespace torch2mlx::ops {
namespace {

using graph::Arg;
using graph::Argument;
using graph::Ref;
using graph::Type;
using graph::ValueKind;

// "aten.add.Tensor" -> {"aten.add", "Tensor"}
std::pair<std::string_view, std::string_view> split(std::string_view op) {
  const auto dot = op.rfind('.');
  return dot == op.npos ? std::pair(op, std::string_view()) : std::pair(op.substr(0, dot), op.substr(dot + 1));
}

bool fits(const graph::Graph& graph, const schema::Param& param, const Arg& arg) {
  if (arg.is<std::monostate>()) return param.optional || param.base == schema::Base::ignored;
  const auto* ref = arg.get_if<Ref>();
  const bool tensor = ref && graph.type(*ref).kind == ValueKind::tensor;
  if (const auto* list = arg.get_if<graph::List>())
    return param.list && std::ranges::all_of(*list, [&](const Arg& item) {
             const auto* in = item.get_if<Ref>();
             const bool array = in && graph.type(*in).kind == ValueKind::tensor;
             return array ? param.base == schema::Base::tensor
                          : param.base != schema::Base::tensor || (param.optional_item && item.is<std::monostate>());
           });
  return !tensor || param.base == schema::Base::tensor;  // a number may stand for a tensor
}

// The arguments that the row has parameters for, and the tensors beside them; nothing if it is another overload's row.
std::optional<OutOverload> matched(const graph::Graph& graph, const graph::Node& node, const TableRow& row) {
  OutOverload found{row.op, {}, {}};
  const auto params = row.params;
  std::size_t position = 0;
  for (const Argument& argument : node.args) {
    const auto named = std::ranges::find(params, argument.name, &schema::Param::name);
    if (argument.name.empty()) {
      if (position == params.size() || params[position].keyword || !fits(graph, params[position], argument.value))
        return std::nullopt;
      ++position;
      found.args.push_back(argument);
    } else if (named != params.end()) {
      found.args.push_back(argument);
    } else {
      const auto* ref = argument.value.get_if<Ref>();
      if (!ref || graph.type(*ref).kind != ValueKind::tensor) return std::nullopt;
      found.written.push_back(*ref);
    }
  }
  for (; position < params.size(); ++position) {
    const schema::Param& param = params[position];
    const bool given = std::ranges::find(node.args, param.name, &Argument::name) != node.args.end();
    if (!given && param.fallback.empty() && param.base != schema::Base::ignored) return std::nullopt;
  }
  return found;
}

}  // namespace

std::optional<std::string> in_place_of(std::string_view op) {
  const auto [name, overload] = split(op);
  if (!name.starts_with("aten.") || overload.empty()) return std::nullopt;
  if (name.starts_with("aten.__i") && name.ends_with("__"))
    return "aten.__" + std::string(name.substr(8)) + "." + std::string(overload);
  if (!name.ends_with('_') || name.ends_with("__")) return std::nullopt;
  return std::string(name.substr(0, name.size() - 1)) + "." + std::string(overload);
}

std::optional<OutOverload> out_overload(const graph::Graph& graph, const graph::Node& node) {
  const auto [name, overload] = split(node.op);
  if (!name.starts_with("aten.") || find_lowering(node.op)) return std::nullopt;
  if (std::ranges::all_of(node.args, [](const Argument& argument) { return argument.name.empty(); }))
    return std::nullopt;
  for (const TableRow* row : lowerings())
    if (split(row->op).first == name)
      if (auto found = matched(graph, node, *row);
          found && !found->written.empty() && found->written.size() == node.results.size())
        return found;
  return std::nullopt;
}

std::optional<std::string> functional_overload(const graph::Graph& graph, const graph::Node& node) {
  const auto wanted = in_place_of(node.op);
  if (!wanted) return std::nullopt;
  const auto takes = [&](const TableRow& row) {
    const auto found = matched(graph, node, row);
    return found && found->written.empty();
  };
  if (const TableRow* row = find_lowering(*wanted); row && takes(*row)) return wanted;
  for (const TableRow* row : lowerings())
    if (split(row->op).first == split(*wanted).first && takes(*row)) return row->op;
  return std::nullopt;
}

// The row itself tells: of operands of any type it makes booleans, which an in-place overload stores as numbers.
bool gives_truth(const graph::Graph& graph, const graph::Node& node, const TableRow& row, Dtype self) {
  graph::Graph scratch;
  scratch.symbols = graph.symbols;
  const auto copied = [&](Arg arg) {
    graph::for_each_ref(arg, [&](Ref& ref) { ref = scratch.add_value("x", graph.type(ref)); });
    return arg;
  };
  std::vector<Arg> args;
  for (std::size_t i = 0; i < row.params.size(); ++i) {
    const Arg* given =
        i < node.args.size() && node.args[i].name.empty() ? &node.args[i].value : node.find(row.params[i].name);
    args.push_back(given ? copied(*given) : detail::parse_default(row.params[i].fallback));
  }
  std::vector<graph::Node> nodes;
  const Inference inference(scratch.symbols);
  Mlx mx(scratch, nodes, inference);
  mx.declared = {{ValueKind::tensor, self, graph.type(node.operand(0)).shape, {}}};
  try {
    const std::vector<Arg> results = row.run(mx, args);
    return results.size() == 1 && results[0].is<Ref>() && scratch.type(results[0].as<Ref>()).dtype == Dtype::boolean;
  } catch (const Error&) {  // it is refused later, with its place
    return false;
  }
}

Dtype functional_dtype(const graph::Graph& graph, const graph::Node& node, std::string_view op, Dtype self) {
  if (op == "aten.copy.default") return self;
  if (const TableRow* row = find_lowering(op); row && gives_truth(graph, node, *row, self)) return Dtype::boolean;
  if (!is_floating(self)) return self;
  // Beside a tensor of a wider type the arithmetic is in that type; what has no axes does not count beside what has.
  const bool scalar = graph.type(node.operand(0)).shape.empty();
  Dtype dtype = self;
  for (const Argument& argument : node.args) {
    const auto* ref = argument.value.get_if<Ref>();
    if (!ref || graph.type(*ref).kind != ValueKind::tensor || !is_floating(graph.type(*ref).dtype)) continue;
    const Type& type = graph.type(*ref);
    if (type.dtype == dtype || (!scalar && type.shape.empty())) continue;
    if (size_of(type.dtype) == size_of(dtype))
      dtype = Dtype::float32;  // the two kinds of halves
    else if (size_of(type.dtype) > size_of(dtype))
      dtype = type.dtype;
  }
  return dtype;
}

}  // namespace torch2mlx::ops
