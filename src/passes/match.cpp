#include "passes/match.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace torch2mlx::passes {
namespace {

constexpr std::array<std::string_view, 4> commutative{"add", "multiply", "maximum", "minimum"};

bool operands(const Rewriter& r, const Node& node, const Pattern& pattern, Match& found);

bool fits(const Rewriter& r, const Arg& arg, const Pattern& pattern, Match& found) {
  if (pattern.kind == Pattern::Kind::number) {
    const auto value = number(&arg);
    return value && std::abs(*value - pattern.value) <= 1e-6 * std::abs(pattern.value);
  }
  if (pattern.kind == Pattern::Kind::any) return found.values.try_emplace(pattern.name, arg).first->second == arg;
  const Node* node = r.definition(arg, pattern.name);
  return node && operands(r, *node, pattern, found);
}

bool in_order(const Rewriter& r, const Node& node, const Pattern& pattern, Match& found, bool swapped) {
  Match attempt = found;
  const std::size_t count = pattern.operands.size();
  for (std::size_t i = 0; i < count; ++i)
    if (!fits(r, node.args[i].value, pattern.operands[swapped ? count - 1 - i : i], attempt)) return false;
  if (!pattern.bound.empty()) attempt.nodes[pattern.bound] = &node;
  found = std::move(attempt);
  return true;
}

bool operands(const Rewriter& r, const Node& node, const Pattern& pattern, Match& found) {
  if (node.op != pattern.name || node.args.size() < pattern.operands.size()) return false;
  if (in_order(r, node, pattern, found, false)) return true;
  return std::ranges::find(commutative, node.op) != commutative.end() && in_order(r, node, pattern, found, true);
}

}  // namespace

std::optional<Match> match(const Rewriter& rewriter, const Node& node, const Pattern& pattern) {
  Match found;
  return operands(rewriter, node, pattern, found) ? std::optional(std::move(found)) : std::nullopt;
}

}  // namespace torch2mlx::passes
