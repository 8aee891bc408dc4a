// Patterns over the operands of nodes, written as the expression they stand for:
//   call("multiply", any("x"), call("sigmoid", any("x")))
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "passes/rewrite.h"

namespace torch2mlx::passes {

struct Pattern {
  enum class Kind : std::uint8_t { any, number, call } kind = Kind::any;
  std::string_view name;  // any: what it is bound to, the same value at every occurrence; call: the op
  double value = 0;       // number: what a literal must be, to single precision
  std::vector<Pattern> operands;
  std::string_view bound = {};  // call: name under which its node is found

  Pattern as(std::string_view binding) const {
    Pattern copy = *this;
    copy.bound = binding;
    return copy;
  }
};

inline Pattern any(std::string_view name) { return {Pattern::Kind::any, name, 0, {}}; }
inline Pattern number_of(double value) { return {Pattern::Kind::number, {}, value, {}}; }
template <class... P>
Pattern call(std::string_view op, P... operands) {
  return {Pattern::Kind::call, op, 0, {std::move(operands)...}};
}

struct Match {
  std::map<std::string_view, Arg> values;
  std::map<std::string_view, const Node*> nodes;
};

// Does the node compute the pattern? Operands of add, multiply, maximum and minimum match in either order.
std::optional<Match> match(const Rewriter& rewriter, const Node& node, const Pattern& pattern);

}  // namespace torch2mlx::passes
