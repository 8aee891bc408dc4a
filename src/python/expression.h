// Pieces of Python text that know how tightly they bind.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "graph/graph.h"
#include "ops/table.h"

namespace torch2mlx::python {

// Binding strengths of Python's grammar; a piece is parenthesised where a stronger one is needed.
namespace bind {
inline constexpr int any = 0, comparison = 5, bit_or = 6, bit_xor = 7, bit_and = 8, shift = 9, sum = 10, product = 11,
                     sign = 12, power = 13, primary = 14, atom = 15;
}  // namespace bind

struct Expr {
  std::string text;
  int strength = bind::atom;

  std::string at_least(int needed) const { return strength < needed ? "(" + text + ")" : text; }
};

// Text of an argument that holds no values: 1e-12, True, mx.float32, (1, 2), "tanh".
Expr literal(const graph::Arg& arg);
std::string string_literal(std::string_view text);
std::string number(double value);

// Text of a value, as named or inlined where it is needed.
using ValueText = std::function<Expr(graph::Ref)>;

// Any argument; lists print as tuples, lists of arrays as lists.
Expr argument(const graph::Arg& arg, const ValueText& value, bool arrays = false);

// The call of an op by its row's template (ops/table.h). Throws Error(unsupported) if no alternative of the template
// takes exactly the arguments that are present.
Expr render(const graph::Graph& graph, const graph::Node& node, const ValueText& value);

}  // namespace torch2mlx::python
