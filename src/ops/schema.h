// The schema text of an ATen overload, read while compiling: argument order, kinds and defaults come from it alone.
//   "add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor"
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace torch2mlx::ops::schema {

enum class Base : std::uint8_t {
  tensor,
  integer,
  scalar,
  floating,
  boolean,
  dtype,
  text,
  ignored,  // Layout, Device, MemoryFormat, Generator, pin_memory: no meaning in MLX
};

struct Param {
  std::string_view name;
  Base base = Base::ignored;
  bool optional = false;  // may be None
  bool list = false;
  bool optional_item = false;  // Tensor?[]
  bool keyword = false;        // is given by name alone
  std::uint8_t length = 0;     // int[2]: 2; a single number stands for that many
  std::string_view fallback;   // text of the default, empty if there is none
};

inline constexpr std::size_t max_params = 20;

struct Schema {
  std::string_view name;  // "add.Tensor", "silu" (overload "default")
  std::array<Param, max_params> params{};
  std::uint8_t count = 0;

  constexpr std::span<const Param> all() const { return {params.data(), count}; }
};

namespace detail {

constexpr std::string_view trim(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return s;
}

constexpr Base base_of(std::string_view type, std::string_view name) {
  if (name == "pin_memory") return Base::ignored;
  if (type == "Tensor") return Base::tensor;
  if (type == "int" || type == "SymInt") return Base::integer;
  if (type == "Scalar") return Base::scalar;
  if (type == "float") return Base::floating;
  if (type == "bool") return Base::boolean;
  if (type == "ScalarType") return Base::dtype;
  if (type == "str") return Base::text;
  if (type == "Layout" || type == "Device" || type == "MemoryFormat" || type == "Generator") return Base::ignored;
  throw "unknown type in an ATen schema";
}

// One parameter: "SymInt[2]? stride=[1, 1]", "Tensor(a!) self".
constexpr Param parameter(std::string_view text) {
  Param param;
  if (const auto equals = text.find('='); equals != text.npos) {
    param.fallback = trim(text.substr(equals + 1));
    text = trim(text.substr(0, equals));
  }
  const auto space = text.rfind(' ');
  if (space == text.npos) throw "a parameter of an ATen schema needs a type and a name";
  param.name = text.substr(space + 1);
  std::string_view type = trim(text.substr(0, space));
  if (type.ends_with('?')) {
    param.optional = true;
    type.remove_suffix(1);
  }
  if (type.ends_with(']')) {
    param.list = true;
    const auto open = type.rfind('[');
    for (const char c : type.substr(open + 1, type.size() - open - 2))
      param.length = static_cast<std::uint8_t>(param.length * 10 + (c - '0'));
    type = type.substr(0, open);
    if (type.ends_with('?')) {
      param.optional_item = true;
      type.remove_suffix(1);
    }
  }
  if (const auto alias = type.find('('); alias != type.npos) type = type.substr(0, alias);
  param.base = base_of(type, param.name);
  return param;
}

}  // namespace detail

// Throws (so that it does not compile) on malformed text.
constexpr Schema parse(std::string_view text) {
  Schema schema;
  const auto open = text.find('(');
  const auto arrow = text.rfind(" -> ");
  if (open == text.npos || arrow == text.npos) throw "an ATen schema looks like name.overload(Type name, ...) -> Type";
  schema.name = text.substr(0, open);
  std::string_view list = text.substr(open + 1, arrow - open - 2);
  bool keyword = false;
  while (!list.empty()) {
    int depth = 0;
    std::size_t end = 0;
    for (; end < list.size() && (depth > 0 || list[end] != ','); ++end)
      depth += list[end] == '[' || list[end] == '(' ? 1 : list[end] == ']' || list[end] == ')' ? -1 : 0;
    const std::string_view item = detail::trim(list.substr(0, end));
    if (item == "*") {
      keyword = true;
    } else {
      if (schema.count == max_params) throw "too many parameters in an ATen schema";
      schema.params[schema.count] = detail::parameter(item);
      schema.params[schema.count++].keyword = keyword;
    }
    list = list.substr(std::min(end + 1, list.size()));
  }
  return schema;
}

}  // namespace torch2mlx::ops::schema
