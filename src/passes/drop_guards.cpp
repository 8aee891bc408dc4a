// where(any(m, axis=-1), sdpa(mask=m), 0)  ->  sdpa(mask=m), where m is the same for every query or hides nothing
#include <algorithm>
#include <cmath>

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

// where(seen, scores, a finite number): no number hides a key wholly.
bool hides_nothing(const Rewriter& r, const Arg& mask) {
  const Node* chosen = r.definition(mask, "where");
  if (!chosen) return false;
  const Node* full = r.definition(chosen->args[2].value, "full");
  const auto other = number(full ? full->find("value") : &chosen->args[2].value);
  return other && std::isfinite(*other);
}

std::optional<Arg> guarded(const Rewriter& r, const Node& node) {
  const Node* any = node.op == "where" ? r.definition(node.args[0].value, "any") : nullptr;
  const Node* attention = any ? r.definition(node.args[1].value, "scaled_dot_product_attention") : nullptr;
  if (!attention || number(&node.args[2].value) != 0.0) return std::nullopt;
  const Arg tested = bare(r, any->args[0].value);
  const Arg* mask = attention->find("mask");
  if (!mask) return r.definition(tested, "full") ? std::optional(node.args[1].value) : std::nullopt;
  const Arg used = bare(r, *mask);
  if (used == tested && hides_nothing(r, used)) return node.args[1].value;
  return used == tested && same_for_every_query(r, used) ? std::optional(node.args[1].value) : std::nullopt;
}

}  // namespace

// Padding of keys alone hides every key only in an example that is all padding, of which nothing is read.
void drop_guards(Graph& graph) {
  Rewriter r(graph);
  bool dropped = false;
  r.run([&](Node& node) {
    const std::optional<Arg> y = guarded(r, node);
    dropped = dropped || y;
    return y;
  });
  const std::string note =
      "an example whose attention mask hides every key gives 0 in PyTorch and the mean of the values in MLX";
  if (dropped && std::ranges::find(graph.notes, note) == graph.notes.end()) graph.notes.push_back(note);
}

}  // namespace torch2mlx::passes
