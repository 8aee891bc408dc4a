#include "graph/import_json.h"

#include <fmt/format.h>

#include "base/error.h"

namespace torch2mlx::graph::import {

void malformed(std::string_view what) {
  throw Error(ErrorKind::input, {}, fmt::format("not an exported program: {}", what));
}

bool fits_int64(const Json& value) {
  return value.is_number_integer() && (!value.is_number_unsigned() || value.get<std::uint64_t>() <= INT64_MAX);
}

const Json& member(const Json& object, const char* name) {
  if (!object.is_object()) malformed(fmt::format("expected an object with '{}'", name));
  const auto it = object.find(name);
  if (it == object.end()) malformed(fmt::format("'{}' is missing", name));
  return *it;
}

std::string text(const Json& value) {
  if (!value.is_string()) malformed("expected text");
  return value.get<std::string>();
}

std::int64_t integer(const Json& value) {
  if (!fits_int64(value)) malformed("expected an integer");
  return value.get<std::int64_t>();
}

Alternative alternative(const Json& object) {
  if (!object.is_object()) malformed("expected an object with one member");
  const Json* found = nullptr;
  std::string name;
  for (const auto& [key, value] : object.items()) {
    if (value.is_null()) continue;
    if (found) malformed(fmt::format("'{}' and '{}' at once", printable(name), printable(key)));
    found = &value;
    name = key;
  }
  if (!found) malformed("an object without a value");
  return {name, *found};
}

Dim dim(const Json& sym_int) {
  const auto [name, value] = alternative(sym_int);
  if (name == "as_int") return integer(value);
  if (name == "as_expr") return Dim::parse(text(member(value, "expr_str")));
  malformed(fmt::format("'{}' is not a size", printable(name)));
}

Dtype dtype(const Json& code) {
  const std::int64_t value = integer(code);
  const auto dtype = value >= 0 && value < 256 ? dtype_from_serde(static_cast<int>(value)) : std::nullopt;
  if (!dtype) malformed(fmt::format("dtype code {} is unknown", value));
  return *dtype;
}

Type tensor_type(const Json& meta) {
  Type type;
  type.dtype = dtype(member(meta, "dtype"));
  if (integer(member(meta, "layout")) != 7) malformed("a tensor whose layout is not strided");
  for (const Json& size : member(meta, "sizes")) {
    type.shape.push_back(dim(size));
    if (type.shape.back().constant().value_or(0) < 0) malformed("a negative size");
  }
  return type;
}

// torch multiplies strides by Max(1, size); what is empty has no element that a stride could speak of.
static Dim stride(const Json& sym_int) {
  const Dim given = dim(sym_int);
  std::string expression = given.str();
  constexpr std::string_view guard = "max(1, ";
  std::size_t at = expression.find(guard);
  if (at == expression.npos) return given;
  for (; at != expression.npos; at = expression.find(guard, at)) expression.replace(at, guard.size(), "(");
  return Dim::parse(expression);
}

std::optional<Shape> strides(const Json& meta) {
  const auto it = meta.find("strides");
  if (it == meta.end() || !it->is_array()) return std::nullopt;
  Shape strides;
  for (const Json& json : *it) strides.push_back(stride(json));
  return strides;
}

namespace {

// {"type": "builtins.dict", "context": "[\"a\"]", "children_spec": [...]}
Tree node(const Json& spec, int depth) {
  if (depth > 64) malformed("arguments nested too deeply");
  Tree tree;
  const Json& type = member(spec, "type");
  if (type.is_null()) return tree;
  for (const Json& child : member(spec, "children_spec")) tree.children.push_back(node(child, depth + 1));
  const std::string name = text(type);
  if (name == "builtins.tuple")
    tree.kind = Tree::Kind::tuple;
  else if (name == "builtins.list")
    tree.kind = Tree::Kind::list;
  else
    tree.kind = name == "builtins.dict" || name == "collections.OrderedDict" ? Tree::Kind::dict : Tree::Kind::named;
  if (tree.kind == Tree::Kind::tuple || tree.kind == Tree::Kind::list) return tree;
  if (tree.kind == Tree::Kind::named) tree.class_name = name;
  const Json keys = Json::parse(text(member(spec, "context")), nullptr, false);
  if (!keys.is_array() || keys.size() != tree.children.size())
    throw Error(ErrorKind::unsupported, {}, fmt::format("arguments or results of type '{}'", printable(name)));
  for (const Json& key : keys) {
    if (!key.is_primitive()) malformed("a key that is neither text nor a number");
    tree.keys.push_back(key.is_string() ? key.get<std::string>() : key.dump());
  }
  return tree;
}

}  // namespace

Tree tree(std::string_view spec) {
  const Json json = Json::parse(spec, nullptr, false);
  if (!json.is_array() || json.size() != 2) malformed("a tree of arguments that is not [version, spec]");
  return node(json[1], 0);
}

}  // namespace torch2mlx::graph::import
