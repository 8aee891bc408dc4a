// What an overload that writes to its arguments computes: the functional overload of table 2 that its name and
// arguments lead to. add_.Tensor is add.Tensor and a write to self; add.out is add.Tensor and a write to out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace torch2mlx::ops {

// "aten.add_.Tensor" -> "aten.add.Tensor", "aten.__iand__.Scalar" -> "aten.__and__.Scalar"; nothing for other names.
std::optional<std::string> in_place_of(std::string_view op);

// The row that takes the arguments of such a node: of that name, else of another overload (pow_.Scalar is
// pow.Tensor_Scalar).
std::optional<std::string> functional_overload(const graph::Graph& graph, const graph::Node& node);

struct OutOverload {
  std::string op;                     // the functional one
  std::vector<graph::Argument> args;  // for it
  std::vector<graph::Ref> written;    // one a result
};
// Of a node whose op has no row but for tensors named beside the arguments of a functional row: they are what it
// writes.
std::optional<OutOverload> out_overload(const graph::Graph& graph, const graph::Node& node);

// The type in which the functional overload computes before what it gives is cast to that of `self`.
Dtype functional_dtype(const graph::Graph& graph, const graph::Node& node, std::string_view op, Dtype self);

}  // namespace torch2mlx::ops
