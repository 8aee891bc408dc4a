// Access to the exported program's JSON. Errors have no place yet: whoever knows the node adds it.
#pragma once

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/error.h"
#include "graph/graph.h"

namespace torch2mlx::graph::import {

using Json = nlohmann::json;

[[noreturn]] void malformed(std::string_view what);

// Runs `f`; what goes wrong in it is said to be at `place`.
template <class F>
auto at(const std::string& place, F&& f) {
  try {
    return f();
  } catch (const Error& error) {
    throw error.within(place);
  } catch (const Json::exception& error) {
    throw Error(ErrorKind::input, place, fmt::format("not an exported program: {}", error.what()));
  }
}

const Json& member(const Json& object, const char* name);
std::string text(const Json& value);
std::int64_t integer(const Json& value);
bool fits_int64(const Json& value);

// A union object has exactly one member that is not null: its name and value.
struct Alternative {
  std::string name;
  const Json& value;
};
Alternative alternative(const Json& object);

// SymInt: {"as_int": 3} or {"as_expr": {"expr_str": ..}}.
Dim dim(const Json& sym_int);
// torch's number of a dtype in exported programs.
Dtype dtype(const Json& code);
// TensorMeta; its strides, where it has any.
Type tensor_type(const Json& meta);
std::optional<Shape> strides(const Json& meta);
// A pytree's TreeSpec, as the JSON text that the file holds.
Tree tree(std::string_view spec);

}  // namespace torch2mlx::graph::import
