#include "graph/import_nodes.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "graph/constant.h"

namespace torch2mlx::graph::import {
namespace {

// Infinities and nan are written as text.
double number(const Json& value) {
  if (value.is_number()) return value.get<double>();
  const std::string name = text(value);
  if (name == "Infinity" || name == "inf") return std::numeric_limits<double>::infinity();
  if (name == "-Infinity" || name == "-inf") return -std::numeric_limits<double>::infinity();
  if (name == "NaN" || name == "nan") return std::numeric_limits<double>::quiet_NaN();
  malformed(fmt::format("'{}' is not a number", printable(name)));
}

std::string operator_name(const std::string& target) {
  if (target.starts_with("torch.ops.")) return target.substr(10);
  return target.starts_with("_operator.") || target.starts_with("torch.sym_") ? "sym." + target.substr(10) : target;
}

// The order of axes in which a tensor lies in memory row by row, from its first element on; nothing if there is none.
std::optional<std::vector<int>> memory_order(const Json& meta) {
  const Shape shape = tensor_type(meta).shape;
  std::vector<int> order(shape.size());
  std::iota(order.begin(), order.end(), 0);
  const auto given = strides(meta);
  if (!given || !meta.contains("storage_offset")) return order;
  if (!(dim(meta["storage_offset"]) == Dim(0)) || order.size() > 6) return std::nullopt;
  do {
    Dim stride = 1;
    bool fits = true;
    for (auto axis = order.rbegin(); axis != order.rend(); ++axis) {
      fits = fits && (shape[*axis] == Dim(1) || (*given)[*axis] == stride);
      stride = stride * shape[*axis];
    }
    if (fits) return order;
  } while (std::ranges::next_permutation(order).found);
  return std::nullopt;
}

bool symbolic_kind(const std::string& kind) {
  return kind == "as_sym_int" || kind == "as_sym_bool" || kind == "as_sym_float";
}

}  // namespace

std::vector<std::string> result_names(const Json& node) {
  std::vector<std::string> names;
  for (const Json& output : member(node, "outputs")) {
    const auto [kind, value] = alternative(output);
    if (kind == "as_tensor")
      names.push_back(text(member(value, "name")));
    else if (kind == "as_tensors")
      for (const Json& tensor : value) names.push_back(text(member(tensor, "name")));
    else if (symbolic_kind(kind))
      names.push_back(text(member(value, "as_name")));
    else if (kind == "as_none")
      names.emplace_back();
    else
      throw Error(ErrorKind::unsupported, {}, fmt::format("a result of kind '{}'", printable(kind)));
  }
  return names;
}

void Nodes::add(const Json& json) {
  Node node;
  const Json& metadata = member(json, "metadata");
  node.scope = metadata.contains("nn_module_stack") ? scopes_.of(metadata) : frames_.back().scope;
  node.place = place(metadata);
  if (node.place.file.empty()) node.place = frames_.back().place;
  node.op = operator_name(text(member(json, "target")));
  if (node.op.starts_with("higher_order.")) return call(json, node);
  for (const Json& input : member(json, "inputs")) {
    const bool keyword = input.contains("kind") && input["kind"] == 2;
    node.args.push_back({keyword ? text(member(input, "name")) : std::string(), arg(member(input, "arg"), node)});
  }
  if (node.op.starts_with("aten.as_strided")) in_memory_order(json, node);
  try {
    for (const std::string& name : result_names(json))
      if (!name.empty()) node.results.push_back(define_or_refuse(name, node));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::unsupported) throw;
    problem(node, error.message());
  }
  graph_.nodes.push_back(std::move(node));
}

// Strides count elements of the storage, so the operand is taken as it lies there.
void Nodes::in_memory_order(const Json& json, Node& node) {
  const Json& operand = alternative(member(member(json, "inputs").at(0), "arg")).value;
  const Json& meta = member(member(*frames_.back().json, "tensor_values"), text(member(operand, "name")).c_str());
  const auto order = memory_order(meta);
  if (!order) return problem(node, node.op + " of a part of a tensor");
  if (std::ranges::is_sorted(*order)) return;
  if (node.op.starts_with("aten.as_strided_scatter"))
    return problem(node, node.op + " of a tensor that is not row-major");
  Type type = tensor_type(meta);
  List axes;
  Shape shape;
  for (const int axis : *order) {
    axes.emplace_back(axis);
    shape.push_back(type.shape[axis]);
  }
  type.shape = std::move(shape);
  node.args.at(0).value =
      append("aten.permute.default", {{"", node.args.at(0).value}, {"", axes}}, type, "stored", node);
}

Ref Nodes::define(const std::string& name) {
  const auto values = &frames_.back().values;
  Type type = at(fmt::format("value '{}'", printable(name)), [&] { return type_of(name); });
  for (const Dim& dim : type.shape) declare(dim);
  if (type.size) declare(*type.size);
  const bool tensor = type.kind == ValueKind::tensor;
  const Ref ref = graph_.add_value(name, std::move(type));
  if (tensor) graph_[ref].strides = strides(member(member(*frames_.back().json, "tensor_values"), name.c_str()));
  if (!values->emplace(name, ref).second) malformed(fmt::format("value '{}' is defined twice", printable(name)));
  return ref;
}

// What cannot be imported is there for later nodes, whose problems are told too.
Ref Nodes::define_or_refuse(const std::string& name, const Node& node) {
  try {
    return define(name);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::unsupported) throw;
    problem(node, error.message());
    const Ref ref = graph_.add_value(name, Type{ValueKind::unknown, {}, {}, {}});
    alias(name, ref);
    return ref;
  }
}

void Nodes::alias(const std::string& name, Arg value) {
  if (!frames_.back().values.emplace(name, std::move(value)).second)
    malformed(fmt::format("value '{}' is defined twice", printable(name)));
}

Type Nodes::type_of(const std::string& name) const {
  const Json& json = *frames_.back().json;
  if (const auto& tensors = member(json, "tensor_values"); tensors.contains(name)) return tensor_type(tensors[name]);
  Type type;
  type.dtype = Dtype::int64;
  if (const auto& sizes = member(json, "sym_int_values"); sizes.contains(name)) {
    type.kind = ValueKind::integer;
    type.size = dim(sizes[name]);
  } else if (json.contains("sym_bool_values") && json["sym_bool_values"].contains(name)) {
    type.kind = ValueKind::boolean;
    type.dtype = Dtype::boolean;
  } else if (json.contains("sym_float_values") && json["sym_float_values"].contains(name)) {
    type.kind = ValueKind::floating;
    type.dtype = Dtype::float64;
  } else {
    malformed("it has no type");
  }
  return type;
}

// A symbol without a range may be any size.
void Nodes::declare(const Dim& dim) {
  for (const std::string& name : dim.symbols())
    if (std::ranges::find(graph_.symbols, name, &Symbol::name) == graph_.symbols.end())
      graph_.symbols.push_back({name});
}

Arg Nodes::value(const Json& argument, const char* key) const {
  const std::string name = text(member(argument, key));
  const auto it = frames_.back().values.find(name);
  if (it == frames_.back().values.end())
    malformed(fmt::format("value '{}' is used before it is defined", printable(name)));
  return it->second;
}

Arg Nodes::arg(const Json& json, const Node& node) {
  const auto [kind, value] = alternative(json);
  if (kind == "as_none") return {};
  if (kind == "as_tensor") return this->value(value);
  if (kind == "as_optional_tensor") return optional_tensor(value);
  if (symbolic_kind(kind)) return symbolic(value);
  if (kind == "as_scalar_type") return dtype(value);
  if (kind == "as_int" || kind == "as_memory_format" || kind == "as_layout") return integer(value);
  if (kind == "as_float") return number(value);
  if (kind == "as_bool") return value.get<bool>();
  if (kind == "as_complex")  // a tensor without axes: its type counts as little as a number's beside one that has them
    return add_constant(
        graph_, "number",
        {static_cast<float>(number(member(value, "real"))), static_cast<float>(number(member(value, "imag")))});
  if (kind == "as_string") return text(value);
  if (kind == "as_device") return text(member(value, "type"));
  if (value.is_array()) {
    List list;
    for (const Json& item : value) list.push_back(item_of(kind, item, node));
    return list;
  }
  problem(node, fmt::format("an argument of kind '{}'", printable(kind)));
  return {};
}

Arg Nodes::item_of(const std::string& kind, const Json& item, const Node& node) {
  if (kind == "as_tensors") return value(item);
  if (kind == "as_optional_tensors") return optional_tensor(item);
  if (kind == "as_sym_ints" || kind == "as_sym_bools" || kind == "as_sym_floats") return symbolic(item);
  if (kind == "as_ints") return integer(item);
  if (kind == "as_floats") return number(item);
  if (kind == "as_bools") return item.get<bool>();
  if (kind == "as_strings") return text(item);
  problem(node, fmt::format("an argument of kind '{}'", printable(kind)));
  return {};
}

Arg Nodes::optional_tensor(const Json& json) const {
  const auto [kind, value] = alternative(json);
  if (kind == "as_none") return {};
  if (kind != "as_tensor") malformed(fmt::format("'{}' is no tensor", printable(kind)));
  return this->value(value);
}

Arg Nodes::symbolic(const Json& json) const {
  const auto [kind, value] = alternative(json);
  if (kind == "as_name") return this->value(json, "as_name");
  if (kind == "as_int") return integer(value);
  if (kind == "as_bool") return value.get<bool>();
  return number(value);
}

void Nodes::problem(const Node& node, const std::string& message) {
  problems.push_back(fmt::format("{}: {}", place_of(graph_, node), message));
}

}  // namespace torch2mlx::graph::import
