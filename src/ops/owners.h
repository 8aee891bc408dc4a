// Which layer of table 3 a parameter belongs to, as the live module tree tells it, else the scopes of the graph.
#pragma once

#include <deque>
#include <map>
#include <string_view>

#include "graph/graph.h"
#include "layers/layers.h"

namespace torch2mlx::ops {

class Owners {
 public:
  // `graph` must outlive it, and keep its modules and scopes.
  explicit Owners(const graph::Graph& graph);

  // By path; attributes are known for live modules only.
  const std::map<std::string_view, const Module*>& modules() const { return modules_; }

  // The row of the module of `key` ("conv.weight"), nullptr if it has none; `rank` as for layers::row_of.
  const layers::Row* row(std::string_view key, std::size_t rank = 0) const;

 private:
  std::map<std::string_view, const Module*> modules_;
  std::deque<Module> from_scopes_;
};

}  // namespace torch2mlx::ops
