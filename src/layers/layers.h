// Table 3: torch.nn class -> mlx.nn class. Parameter layouts, renames, constructor. No MLX needed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace torch2mlx {
struct Module;
}

namespace torch2mlx::layers {

// Where a share of a torch parameter goes: the parts [from, to) of `of` equal ones along axis 0 become (from part `at`
// on) mlx.nn's parameter `name`. Shares that meet there are added up: LSTM's two biases are one in MLX.
struct Target {
  std::string_view name;
  int from = 0, to = 1, of = 1, at = 0;
};

// How one parameter of a layer is stored. `permute` lists torch axes in MLX order (empty: unchanged):
// torch OIHW -> MLX OHWI is {0, 2, 3, 1}.
// A '#' at the end of `name` stands for a recurrent layer's number and direction ("0", "1_reverse").
// `grouped`: axis 0 holds the groups (attribute `groups`), which MLX keeps with the axis that becomes its first:
// torch (g I/g) O/g H W -> MLX (g O/g) H W I/g.
struct Parameter {
  std::string_view name;
  std::span<const int> permute;
  std::span<const Target> targets = {};  // empty: mlx.nn's name is torch's
  bool grouped = false;
};

// One class. `op` is the MLX graph op that the mlx.nn layer computes, with `parameters` as its operands by name.
// `constructor` is a template of the arguments, over the op's attributes and the parameters' MLX shapes:
//   {eps}                     the attribute as a Python literal; a tuple of equal numbers prints as that number
//   {weight.shape[0]}         one size of a parameter; {weight.shape[1:3]} several, printed as a tuple is
//   {weight.shape[3]*groups}  a size times an integer attribute (times 1 where the op has no such attribute)
//   {weight.shape[0]|dims}    the first alternative that is present
//   {?COND|TEXT}              TEXT (a template itself) where COND holds: terms joined by &, each one of
//     bias   !bias            the parameter or attribute is present, is absent
//     eps!=1e-05  groups=1    the attribute is present and differs from, equals; the other side is a literal, or an
//     stride!=kernel_size     attribute where it begins with a lower-case letter. Numbers compare as numbers.
// Defaults of mlx.nn are left out by such conditions: "{weight.shape[1]}, {weight.shape[0]}{?!bias|, bias=False}".
struct Row {
  std::string_view torch;  // "torch.nn.modules.linear.Linear"
  std::string_view mlx;    // "nn.Linear"; empty: mlx.nn has none, the parameters stay bare
  std::string_view op;     // "linear"; empty: conversion only
  std::string_view constructor;
  std::span<const Parameter> parameters;
  std::span<const std::string_view> dropped;  // buffers that MLX does not hold: num_batches_tracked
  std::string_view needs = {};                // "groups=1": mlx.nn's layer has no other value of this attribute
};

std::span<const Row> rows();

// Adds a class by its full name ("my.pkg.Conv"). `mlx` names an mlx.nn class of the table, whose row the new one is but
// for the layouts that `permute` gives by parameter; empty: parameters stay bare. Rows that were found before stay
// valid. Throws Error(input): no full name, no such class of mlx.nn, no permutation, a class that has a row unless
// `replace`.
void register_row(const std::string& torch, const std::string& mlx,
                  const std::map<std::string, std::vector<int>>& permute, bool replace);

// By full or short class name ("torch.nn.modules.conv.Conv2d", "torch.nn.Conv2d", "Conv2d"), nullptr if unknown. A
// class of another package is another class, whatever its name.
const Row* find(std::string_view class_name);

// The row that a parameter of a module goes by: that of the module's class. A class of one's own that is derived from a
// convolution of torch.nn keeps what has more axes than a matrix as that does.
const Row* row_of(const Module& module, std::string_view parameter, std::size_t rank);

// A parameter of a layer by its torch name; `cell` is what its '#' stands for.
struct Slot {
  const Parameter* parameter = nullptr;
  std::string_view cell;
};
Slot find(const Row& row, std::string_view name);

// Layers and directions of a recurrent module are a list in MLX, in torch's order ("1." is the second's prefix); a
// single one is the module itself. `exists` tells whether a torch key is there.
std::string cell_prefix(const Slot& slot, std::string_view key, const std::function<bool(const std::string&)>& exists);

// Is this one of MLX's names of the parameters?
bool holds(const Row& row, std::string_view name);

// The last part of a dotted name: "Conv2d".
std::string_view short_name(std::string_view class_name);

// The permutation of parameter `name` of a class; empty if it is stored as in torch.
std::span<const int> permutation(const Row& row, std::string_view name);
std::vector<int> inverse(std::span<const int> permutation);

// What a constructor template may ask about one layer.
struct ConstructorFacts {
  // MLX shape of a parameter, nothing where the layer has no such parameter (bias=False).
  std::function<std::optional<std::vector<std::int64_t>>(std::string_view name)> shape;
  // An attribute as a Python literal ("1e-05", "(2, 2)", with double quotes "\"tanh\""), nothing where it is unknown.
  std::function<std::optional<std::string>(std::string_view name)> attribute;
};

// The call that makes the layer: "nn.Linear(384, 1536, bias=False)". Throws Error(unsupported) with the class as place
// where a fact that the template needs is missing.
// `complete`: integers that are left out for being mlx.nn's defaults are there too, each argument between marks:
// "nn.Conv2d(3, 8, kernel_size=1\x01, stride=1\x02)".
std::string constructor(const Row& row, const ConstructorFacts& facts, bool complete = false);
inline constexpr char default_begins = '\x01', default_ends = '\x02';

}  // namespace torch2mlx::layers
