#include "python/subscript.h"

#include <algorithm>
#include <array>
#include <span>

namespace torch2mlx::python {
namespace {

using graph::Arg;
using graph::List;

std::string part(const Arg* arg, const ValueText& value) {
  return !arg || arg->is<std::monostate>() ? std::string() : argument(*arg, value).text;
}

std::string range(const Arg* start, const Arg* stop, const Arg* step, const ValueText& value) {
  std::string first = part(start, value), last = part(stop, value), stride = part(step, value);
  if (first == "0") first.clear();
  if (stride == "1") stride.clear();
  return first + ":" + last + (stride.empty() ? "" : ":" + stride);
}

// ", "-joined items behind the base. Negative axes count from the end: leading axes are then an ellipsis.
std::string items_text(const List& items, const ValueText& value) {
  std::string text;
  std::size_t count = items.size();  // trailing ":" say nothing
  while (count > 1 && items[count - 1] == Arg(":")) --count;
  for (const Arg& item : std::span(items).first(count)) {
    std::string one;
    if (const auto* s = item.get_if<std::string>())
      one = *s;
    else if (const auto* list = item.get_if<List>()) {
      const auto at = [&](std::size_t i) { return i < list->size() ? &(*list)[i] : nullptr; };
      one = range(at(0), at(1), at(2), value);
    } else {
      one = argument(item, value).text;
    }
    text += (text.empty() ? "" : ", ") + one;
  }
  return text;
}

std::string behind_axis(std::int64_t axis, std::size_t rank, const std::string& item) {
  if (axis < 0) axis += static_cast<std::int64_t>(rank);
  if (rank > 2 && axis + 1 == static_cast<std::int64_t>(rank)) return "..., " + item;
  std::string text;
  for (std::int64_t i = 0; i < axis; ++i) text += ":, ";
  return text + item;
}

// x[:, i, j]: index arrays on adjacent axes, the argument at `position`.
std::optional<std::string> gathered(const graph::Node& node, const ValueText& value, std::size_t position) {
  const Arg* axes = node.find("axes");
  const auto* indices = node.args.size() > position ? node.args[position].value.get_if<List>() : nullptr;
  const auto* list = axes ? axes->get_if<List>() : nullptr;
  if (!indices || !list || list->empty() || indices->size() != list->size() || !list->front().is<std::int64_t>())
    return std::nullopt;
  std::string text;
  for (std::int64_t i = 0; i < list->front().as<std::int64_t>(); ++i) text += ":, ";
  for (std::size_t i = 0; i < indices->size(); ++i) text += (i ? ", " : "") + argument((*indices)[i], value).text;
  return text;
}

// The size that -1 stands for: the only one that no literal gives, or the only one that takes computing.
const Arg* left_over(const graph::Graph& graph, const List& shape) {
  const Arg *variable = nullptr, *computed = nullptr;
  int variables = 0, all_computed = 0;
  for (const Arg& item : shape) {
    if (const auto* size = item.get_if<std::int64_t>(); size && *size <= 0) return nullptr;
    const auto* ref = item.get_if<graph::Ref>();
    if (!ref) continue;
    variable = &item, ++variables;
    const auto& size = graph.type(*ref).size;
    if (!size || !size->as_symbol()) computed = &item, ++all_computed;
  }
  if (all_computed == 1) return computed;
  return variables == 1 ? variable : nullptr;
}

Expr reshape(const graph::Graph& graph, const graph::Node& node, const ValueText& value, const List& shape) {
  const Arg* inferred = left_over(graph, shape);
  std::string sizes;
  for (const Arg& item : shape)
    sizes += (sizes.empty() ? "" : ", ") + (&item == inferred ? "-1" : argument(item, value).text);
  if (shape.empty()) sizes = "()";
  return {value(node.operand(0)).at_least(bind::primary) + ".reshape(" + sizes + ")", bind::primary};
}

// mx.arange(L): what is the default is left out.
Expr arange(const graph::Node& node, const ValueText& value) {
  const auto text = [&](const char* name, const char* otherwise) {
    const Arg* arg = node.find(name);
    return arg && !arg->is<std::monostate>() ? argument(*arg, value).text : std::string(otherwise);
  };
  const std::string start = text("start", "0"), step = text("step", "1"), dtype = text("dtype", "");
  std::string inside = start == "0" && step == "1" ? "" : start + ", ";
  inside += text("stop", "0");
  if (step != "1") inside += ", " + step;
  const Arg* stop = node.find("stop");
  const bool floats = stop && stop->is<double>();
  if (!dtype.empty() && (floats || dtype != "mx.int32")) inside += ", dtype=" + dtype;
  return {"mx.arange(" + inside + ")", bind::primary};
}

// x.at[:, i].add(values)
std::optional<Expr> scattered(const graph::Node& node, const ValueText& value) {
  const auto items = gathered(node, value, 2);
  if (!items) return std::nullopt;
  const std::string method = node.op.substr(node.op.find('_') + 1);
  return Expr{value(node.operand(0)).at_least(bind::primary) + ".at[" + *items + "]." + method + "(" +
                  argument(node.args[1].value, value).text + ")",
              bind::primary};
}

}  // namespace

std::string update_items(const graph::Graph& graph, const graph::Node& node, const ValueText& value) {
  const List& items = node.find("items")->as<List>();
  const std::size_t rank = graph.type(node.operand(0)).shape.size();
  const auto whole = static_cast<std::size_t>(std::ranges::count(items, Arg(":")));
  if (rank > 2 && items.size() == rank && whole + 1 == rank && items.back() != Arg(":"))
    return "..., " + items_text({items.back()}, value);
  return items_text(items, value);
}

std::optional<Expr> subscript(const graph::Graph& graph, const graph::Node& node, const ValueText& value) {
  if (node.op == "arange" && node.find("stop")) return arange(node, value);
  if (node.op.starts_with("scatter_")) return scattered(node, value);
  constexpr std::array known_ops{"reshape", "slice", "select", "index", "gather"};
  const bool known = std::ranges::find(known_ops, node.op) != known_ops.end();
  if (!known || node.args.empty() || !node.args[0].value.is<graph::Ref>()) return std::nullopt;
  if (node.op == "reshape") {
    const Arg* shape = node.find("shape");
    return shape && shape->is<List>() ? std::optional(reshape(graph, node, value, shape->as<List>())) : std::nullopt;
  }
  std::string inside;
  if (node.op == "gather") {
    const auto items = gathered(node, value, 1);
    if (!items) return std::nullopt;
    inside = *items;
  } else if (node.op == "index") {
    const Arg* items = node.find("items");
    if (!items || !items->is<List>()) return std::nullopt;
    inside = items_text(items->as<List>(), value);
  } else {
    const Arg* axis = node.find("axis");
    if (!axis || !axis->is<std::int64_t>()) return std::nullopt;
    const std::string item = node.op == "select"
                                 ? part(node.find("index"), value)
                                 : range(node.find("start"), node.find("stop"), node.find("step"), value);
    inside = behind_axis(axis->as<std::int64_t>(), graph.type(node.operand(0)).shape.size(), item);
  }
  return Expr{value(node.operand(0)).at_least(bind::primary) + "[" + inside + "]", bind::primary};
}

}  // namespace torch2mlx::python
