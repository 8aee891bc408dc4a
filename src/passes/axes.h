// How the axes of one shape go over into those of another with the same elements in the same order.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "graph/graph.h"

namespace torch2mlx::passes {

// `from` neighbouring axes become `to` neighbouring axes: (1, 2) splits an axis in two, (2, 1) merges two.
struct AxisGroup {
  std::size_t from, to;
};

// (L, 4*B, 8) to (L, B, 4, 8): {1,1} {1,2} {1,1}. In order and as small as possible; nullopt if the sizes do not tell.
std::optional<std::vector<AxisGroup>> axis_groups(const graph::Shape& from, const graph::Shape& to);

// Does the op reduce over any axes, in any order, or over all? Its row says so: optional axes, and keepdims.
bool is_reduction(std::string_view op);

}  // namespace torch2mlx::passes
