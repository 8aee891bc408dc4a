// Shapes and dtypes of results, learnt by calling the row itself on lazy arrays of a few sample sizes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "graph/graph.h"
#include "ops/samples.h"

namespace torch2mlx::ops {

// Sample sizes for the symbols of one graph. Nothing is ever computed: only shapes and dtypes of lazy arrays are read.
// For one thread at a time.
class Inference {
 public:
  explicit Inference(const std::vector<graph::Symbol>& symbols);

  // Types of the results of `op`. `args`: one a parameter, absent ones empty. A result size is a number if all samples
  // agree, else the expression over the argument's sizes (or `hints`) that has these values at every sample. Sizes as
  // results (shape, int_add ...) are exact.
  // Throws Error(unsupported) if MLX rejects the arguments or no expression fits.
  std::vector<graph::Type> infer(const graph::Graph& graph, std::string_view op, const std::vector<graph::Arg>& args,
                                 std::span<const graph::Type> hints = {}) const;

  // Are two shapes equal at every sample? (Equal expressions are; (2*s)//2 and s are too.)
  bool same(const graph::Shape& a, const graph::Shape& b) const;

 private:
  std::vector<graph::Type> learn(const graph::Graph& graph, std::string_view op, const std::vector<graph::Arg>& args,
                                 std::span<const graph::Type> hints) const;

  const Families& allowed(const graph::Graph& graph) const;

  // Tried in order until MLX accepts the sizes: those that the graph's conditions allow, any, those that are one where
  // the traced ones are, the traced ones.
  mutable Families allowed_;  // made when they are first needed, and anew for more conditions
  mutable std::size_t conditions_ = 0;
  Families free_, alike_, example_;
  // What was learnt so far, by op and types of its arguments: the layers of a model ask the same again and again.
  mutable std::unordered_map<std::string, std::vector<graph::Type>> learnt_;
};

// Fills in types of values that have none (text without types), in order, and MLX-graph names of positional arguments.
void infer_types(graph::Graph& graph);

}  // namespace torch2mlx::ops
