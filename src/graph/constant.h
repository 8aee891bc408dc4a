// Data that a pass or a lowering makes.
#pragma once

#include <complex>
#include <cstdint>
#include <string_view>
#include <vector>

#include "graph/graph.h"

namespace torch2mlx::graph {

// A new constant input; `name` is made unique. `values` in row-major order.
Ref add_constant(Graph& graph, std::string_view name, const std::vector<std::int64_t>& values,
                 const std::vector<std::int64_t>& shape);
Ref add_constant(Graph& graph, std::string_view name, const std::vector<float>& values,
                 const std::vector<std::int64_t>& shape);
Ref add_constant(Graph& graph, std::string_view name, std::complex<float> value);

}  // namespace torch2mlx::graph
