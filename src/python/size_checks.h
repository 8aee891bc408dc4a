// What the root says about the sizes of its arguments.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace torch2mlx::python {

// "x.shape[2:] == (30, 30)" and the same the other way round.
struct SizeCheck {
  std::string holds, fails;
};

// The sizes that MLX would not refuse by itself (run::unenforced_rules), and the graph's conditions. `access`: the text
// of a user input's target.
std::vector<SizeCheck> size_checks(const graph::Graph& graph,
                                   const std::function<std::string(const std::string&)>& access);

}  // namespace torch2mlx::python
