// Sizes at which the ops of a graph are tried, to learn the sizes of their results.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "graph/graph.h"

namespace torch2mlx::ops {

using Samples = std::vector<graph::Dim::Binding>;  // bindings of every symbol, looked at together
using Families = std::vector<Samples>;

// Within the symbols' ranges, whatever the graph's conditions say: what holds at these holds at fewer too.
Families free_samples(const std::vector<graph::Symbol>& symbols);

// The same, each moved to sizes nearby at which the graph's conditions hold, and what its trace relied on. Those that
// tell nothing apart are left out: none is left where all that is met by the example alone, or cannot be read.
Families allowed_samples(const graph::Graph& graph);

// Where symbols are as large in the example, they are one: inputs that belong together, which nothing says.
Families alike_samples(const std::vector<graph::Symbol>& symbols);

// The sizes that the model was traced with.
Samples example_sample(const std::vector<graph::Symbol>& symbols);

// In the order in which they are tried: where sizes are functions of others, those that tell most apart first.
std::vector<const Samples*> ordered(const Families& families, const std::set<graph::Dim>& dims);

// nullopt: no graph has these sizes, as of a division by one that is zero here.
std::optional<std::int64_t> value_at(const graph::Dim& dim, const graph::Dim::Binding& binding);

}  // namespace torch2mlx::ops
