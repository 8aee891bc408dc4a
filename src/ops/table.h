// Table 1 as everybody but its own rows sees it: what an MLX op is called, takes, gives and looks like in Python.
// No MLX header is needed to read it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace torch2mlx::ops {

// Kind of a parameter of an op. `array` accepts a number too (weakly typed, as in mlx.core), `optional_*` may be
// absent.
enum class Kind : std::uint8_t {
  array,
  arrays,
  optional_array,
  integer,
  optional_integer,
  integers,
  optional_integers,
  number,
  boolean,
  text,
  dtype,
  optional_number,
  optional_boolean,
  optional_text,
  items,  // a list of anything: the parts of x[...], pairs of pad widths
};

// How an op treats the axes of its operands; the layout pass moves transposes by it.
enum class Axes : std::uint8_t {
  elementwise,  // result axis i depends on operand axis i (after broadcasting)
  remap,        // as elementwise but for the axes named by the parameter `axis` or `axes` (softmax, mean, concatenate)
  fixed,        // axes have fixed roles (conv2d, linear, layer_norm)
};

constexpr bool optional(Kind kind) {
  return kind == Kind::optional_array || kind == Kind::optional_integer || kind == Kind::optional_integers ||
         kind == Kind::optional_number || kind == Kind::optional_boolean || kind == Kind::optional_text;
}

struct Parameter {
  std::string_view name;
  Kind kind;
};

inline constexpr std::size_t max_parameters = 12;

// One op. Required arrays come first and are unnamed in nodes, all other arguments are named (graph/graph.h).
// `python` is a template of alternatives, one a line; the first whose parameters are all present is taken:
//   {} the next parameter   {name} that one   {name|None} the same, or the text if it is absent
//   {*name} a list's items without brackets   f(...) all operands, then the named arguments as keywords
//   {name=0} no text: the alternative is for this number alone
// Empty stands for "mx.NAME(...)".
struct Info {
  std::string_view name;
  Axes axes;
  std::string_view python;
  Parameter parameters[max_parameters];
  std::uint8_t count;       // of parameters
  std::uint8_t operands;    // leading ones that are required arrays
  bool several;             // gives several arrays
  bool integer;             // gives an integer (a size)
  bool floating;            // gives a number that is no size
  bool boolean;             // gives the answer to a comparison of sizes
  bool draws;               // random numbers of its own while the module is trained: two calls are never one
  bool requires_condition;  // refuses values at which its operand is false: kept although nothing uses its result

  std::span<const Parameter> params() const { return {parameters, count}; }
};

// nullptr if there is no such op.
const Info* find(std::string_view name);
// Info::draws and Info::requires_condition; no if there is no such op.
bool draws(std::string_view name);
bool requires_condition(std::string_view name);
std::span<const Info* const> all();

}  // namespace torch2mlx::ops
