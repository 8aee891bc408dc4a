// Tensors that are part of the code: an expression where one is short, text where they are small, a file otherwise.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "python/expression.h"
#include "python/names.h"

namespace torch2mlx::python {

// The first constant of the graph with the same data; the target itself if its data is not at hand.
std::string constant_key(const graph::Graph& graph, const graph::Input& input);

// What the file holds beside its classes.
class Constants {
 public:
  explicit Constants(const graph::Graph& graph) : graph_(graph) { pool_.reserve("_constants"); }

  // Where a constant is used: a scalar in place, the name of a module-level array otherwise.
  Expr use(const graph::Input& input);
  // The text that makes a constant: mx.arange(512), mx.array([...]), _constants["mask"].
  std::string make(const graph::Input& input);

  // Definitions at the top of the file, one a line.
  const std::vector<std::string>& definitions() const { return definitions_; }
  const std::vector<std::string>& large() const { return large_; }

 private:
  const graph::Graph& graph_;
  std::map<std::string, std::string> names_;
  NamePool pool_;
  std::vector<std::string> definitions_, large_;
};

}  // namespace torch2mlx::python
