// Rows that a boolean mask picks. Their number depends on data, so x[mask] is no array of a graph; but what is made of
// each row by itself and written back, y[mask] = f(x[mask]), is the same computed for every row:
//   a = index(x, [m]); b = exp(a); c = index_put(y, [m], b)  ->  a = reshape(x); b = exp(a); c = where(m, reshape(b),
//   y)
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "graph/graph.h"

namespace torch2mlx::ops {

// An ATen graph in whose types masks pick every row. Ids are of its values.
struct EveryRow {
  struct Rows {
    graph::Ref mask;
    std::size_t axis;
  };
  graph::Graph graph;
  std::set<std::uint32_t> picked;      // read by a mask
  std::map<std::uint32_t, Rows> rows;  // arrays with an axis of such rows
  std::set<std::uint32_t> counted;     // all whose size or value depends on how many rows there are
};

// nullopt: no mask reads rows. A mask beside other index arrays is left alone.
std::optional<EveryRow> every_row(const graph::Graph& aten);

// Which arrays of an MLX graph hold such rows, while it is built.
class MaskedRows {
 public:
  struct Rows {
    graph::Ref mask;
    int axis;  // of the array, where the mask's axes are one
    friend bool operator==(const Rows&, const Rows&) = default;
  };

  void mark(const graph::Graph& graph, graph::Ref array, Rows rows);
  const Rows* find(graph::Ref array) const;
  // Marks the results of a new node. Throws Error(unsupported) where they depend on several rows.
  void follow(const graph::Graph& graph, const graph::Node& node);
  // The first mask that was made as this one was.
  graph::Ref known(const graph::Graph& graph, graph::Ref mask);
  // Is `wide` the mask with axes of one element behind its own?
  bool is_widened(const graph::Graph& graph, graph::Ref wide, graph::Ref mask) const;

  bool picking = false;  // is what is being lowered read by a mask that picks every row?

 private:
  std::map<std::uint32_t, Rows> rows_;
  std::vector<graph::Ref> masks_;
};

}  // namespace torch2mlx::ops
