// Runs an MLX graph: the same rows that name the ops in Python compute here.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "ops/slot.h"

namespace torch2mlx::run {

using Arrays = std::map<std::string, ops::mx::array, std::less<>>;

struct Options {
  bool activations = false;  // keep every module's results too
  bool any_sizes = false;    // take inputs of other sizes than the graph is for
};

struct Result {
  ops::Slots outputs;  // one a Graph::outputs, in order: arrays, integers or absent
  // What each call of a module gave to the outside, by "path" (later calls: "path#1"), in the order computed. Modules
  // that compute nothing of their own (Identity, Dropout) have none.
  std::map<std::string, std::vector<ops::mx::array>> activations;
};

class Executor {
 public:
  // The graph must be an MLX one that passes graph::check; it is kept.
  explicit Executor(graph::Graph graph);

  // `parameters`: parameters and persistent buffers by state-dict key, in the layout of the graph's inputs; other
  // buffers too, where they are not as they were in the beginning. What a call replaces is among its outputs. `inputs`:
  // the user inputs in order. Results are lazy: evaluate them with mx::eval. Throws Error(input) naming every parameter
  // and input that is needed and missing or of a shape that the graph is not for; Error(unsupported) with the node's
  // place if MLX refuses to compute it.
  Result run(const Arrays& parameters, const ops::Slots& inputs, Options options = {}) const;

  const graph::Graph& graph() const { return graph_; }

 private:
  graph::Graph graph_;
  std::vector<bool> used_;                               // by value
  std::vector<std::vector<graph::Ref>> module_results_;  // by scope
};

// The bytes of a checkpoint or constant tensor as an MLX array of its shape (a copy; strides are resolved).
// float64 is narrowed to float32. Throws Error(unsupported) for dtypes MLX lacks.
ops::mx::array to_array(const torch2mlx::Tensor& tensor);

// Values defined inside each scope (or below it) and used outside: what the module gave.
std::vector<std::vector<graph::Ref>> module_results(const graph::Graph& graph);

}  // namespace torch2mlx::run
