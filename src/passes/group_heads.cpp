// attention over keys and values whose heads are repeated for groups of queries  ->  over the heads as they are
#include <algorithm>

#include "passes/passes.h"
#include "passes/rewrite.h"

namespace torch2mlx::passes {
namespace {

// (B, heads, L, D) behind reshape(broadcast_to(expand_dims(x, axis=2), (B, heads, n, L, D)), (B, heads*n, L, D)).
std::optional<Arg> unrepeated(const Rewriter& r, const Arg& arg) {
  const Node* merged = r.definition(arg, "reshape");
  const Node* repeated = merged ? r.definition(merged->args[0].value, "broadcast_to") : nullptr;
  const Node* expanded = repeated ? r.definition(repeated->args[0].value, "expand_dims") : nullptr;
  if (!expanded || r.rank(arg) != 4 || r.rank(expanded->args[0].value) != 4) return std::nullopt;
  const Shape &x = r.shape(expanded->args[0].value), &wide = r.shape(merged->args[0].value), &y = r.shape(arg);
  const bool repeats = wide.size() == 5 && wide[0] == x[0] && wide[1] == x[1] && wide[3] == x[2] && wide[4] == x[3];
  if (axis_of(*expanded, 5) != 2 || !repeats) return std::nullopt;
  return y == Shape{x[0], x[1] * wide[2], x[2], x[3]} ? std::optional(expanded->args[0].value) : std::nullopt;
}

}  // namespace

void group_heads(Graph& graph) {
  Rewriter r(graph);
  r.run([&](Node& node) -> std::optional<Arg> {
    if (node.op != "scaled_dot_product_attention") return std::nullopt;
    const auto keys = unrepeated(r, node.args[1].value), values = unrepeated(r, node.args[2].value);
    if (!keys || !values || r.shape(*keys)[1] != r.shape(*values)[1]) return std::nullopt;
    node.args[1].value = *keys;
    node.args[2].value = *values;
    return std::nullopt;
  });
}

}  // namespace torch2mlx::passes
