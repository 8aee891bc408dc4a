// Ops whose Python text is no plain template: subscripts, reshape and arange.
#pragma once

#include <optional>

#include "python/expression.h"

namespace torch2mlx::python {

// slice, select, index and gather as x[:, 0, 2:L]; reshape with -1 for its one unknown size. nullopt for other ops.
std::optional<Expr> subscript(const graph::Graph& graph, const graph::Node& node, const ValueText& value);

// What stands in the brackets of x[:, 1:3] = v, of an index_update.
std::string update_items(const graph::Graph& graph, const graph::Node& node, const ValueText& value);

}  // namespace torch2mlx::python
