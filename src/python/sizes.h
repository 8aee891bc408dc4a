// Sizes inside a function: which shape tells them, and their text.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "python/expression.h"

namespace torch2mlx::python {

struct SizeSource {
  std::size_t input;  // of the function
  std::size_t axis;
  friend auto operator<=>(const SizeSource&, const SizeSource&) = default;
};

class Sizes {
 public:
  Sizes(const graph::Graph& graph, const std::vector<graph::Ref>& inputs) : graph_(graph), inputs_(inputs) {}

  // The first input that has exactly this size; an integer input is its own source, with axis npos.
  std::optional<SizeSource> find(const graph::Dim& dim) const;
  // Do the inputs' shapes tell it, with what the sizes `known` tell shortly: "(size + 3) // 4"?
  bool derivable(const graph::Dim& dim, const std::vector<graph::Dim>& known = {}) const;
  // Text over the sources' names: "2 * L + 1". `name` gives the text of a source, or nothing if `dim` is no source.
  using Namer = std::function<std::optional<std::string>(const graph::Dim&)>;

  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

 private:
  const graph::Graph& graph_;
  const std::vector<graph::Ref>& inputs_;
};

Expr size_text(const graph::Dim& dim, const Sizes::Namer& name);

}  // namespace torch2mlx::python
