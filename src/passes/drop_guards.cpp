// where(any(m, axis=-1), sdpa(mask=m), 0)  ->  sdpa(mask=m), where m is the same for every query or hides nothing
#include <algorithm>
#include <cmath>
#include <ranges>

#include "passes/facts.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace torch2mlx::passes {
namespace {

// What a mask or a test of it was made from: not_equal(x, -inf) and broadcasts taken away.
Arg bare(const Rewriter& r, Arg mask) {
  while (true) {
    const Node* node = r.definition(mask, "broadcast_to");
    if (!node) node = r.definition(mask, "not_equal");
    if (!node || !has_tensor(r.graph(), node->args[0].value)) return mask;
    mask = node->args[0].value;
  }
}

bool same_for_every_query(const Rewriter& r, const Arg& mask) {
  const Shape& shape = r.shape(mask);
  return shape.size() < 2 || shape[shape.size() - 2] == Dim(1);
}

std::optional<double> literal(const Rewriter& r, const Arg& arg) {
  const Node* full = r.definition(arg, "full");
  return number(full ? full->find("value") : &arg);
}

// Of parameters and numbers that stay finite in sums, of half precision too: biases of positions, and masks of -100.
bool moderate(const Rewriter& r, const Arg& arg, int depth = 0) {
  constexpr int deepest = 24;
  constexpr double largest = 1e4;
  if (const auto value = literal(r, arg)) return std::abs(*value) <= largest;
  if (!has_tensor(r.graph(), arg) || depth > deepest) return false;
  const Node* node = r.definition(arg);
  if (!node) return r.graph().input(arg.as<Ref>())->kind == graph::InputKind::parameter;
  const bool picks = places(node->op) || node->op == "take" || node->op == "embedding" || node->op == "slice";
  if (picks) return moderate(r, node->args[0].value, depth + 1);
  if (node->op != "add" && node->op != "where") return false;
  return std::ranges::all_of(node->args | std::views::drop(node->op == "where"),
                             [&](const Argument& part) { return moderate(r, part.value, depth + 1); });
}

// where(seen, scores, a finite number): no number hides a key wholly. Nor does what the model learns.
bool hides_nothing(const Rewriter& r, const Arg& mask) {
  if (r.type(mask).dtype != Dtype::boolean && moderate(r, mask)) return true;
  const Node* chosen = r.definition(mask, "where");
  const auto other = chosen ? literal(r, chosen->args[2].value) : std::nullopt;
  return other && std::isfinite(*other);
}

// `exact` becomes false where it is not the same for an example of padding alone.
std::optional<Arg> guarded(const Rewriter& r, const Node& node, bool& exact) {
  const Node* any = node.op == "where" ? r.definition(node.args[0].value, "any") : nullptr;
  const Node* attention = any ? r.definition(node.args[1].value, "scaled_dot_product_attention") : nullptr;
  if (!attention || number(&node.args[2].value) != 0.0) return std::nullopt;
  const Arg tested = bare(r, any->args[0].value);
  const Arg* mask = attention->find("mask");
  if (!mask) return r.definition(tested, "full") ? std::optional(node.args[1].value) : std::nullopt;
  const Arg used = bare(r, *mask);
  if (used != tested) return std::nullopt;
  if (hides_nothing(r, used)) return node.args[1].value;
  if (!same_for_every_query(r, used)) return std::nullopt;
  exact = false;
  return node.args[1].value;
}

}  // namespace

// Padding of keys alone hides every key only in an example that is all padding, of which nothing is read.
void drop_guards(Graph& graph) {
  Rewriter r(graph);
  bool exact = true;
  r.run([&](Node& node) { return guarded(r, node, exact); });
  const std::string note =
      "an example whose attention mask hides every key gives 0 in PyTorch and the mean of the values in MLX";
  if (!exact && std::ranges::find(graph.notes, note) == graph.notes.end()) graph.notes.push_back(note);
}

}  // namespace torch2mlx::passes
