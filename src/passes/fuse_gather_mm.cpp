// matmul(take(w, i, axis=0), b)  ->  gather_mm(w, b, lhs_indices=i), which makes no matrix anew; the same of b
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace torch2mlx::passes {
namespace {

// take counts negative places from the end, gather_mm does not: what MLX has sorted or searched is unsigned.
bool counts_from_start(const Rewriter& r, const Arg& indices) {
  const Arg* arg = &indices;
  for (;;) {
    if (row(r.type(*arg).dtype).torch.starts_with("uint")) return true;
    const Node* node = r.definition(*arg);
    if (!node || !(node->op == "astype" || node->op == "reshape")) return false;
    arg = &node->args[0].value;
  }
}

// The gather of whole matrices that an operand is, if as many of them as the other operand has are multiplied.
const Node* gathered(const Rewriter& r, const Arg& operand, const Arg& other) {
  const Node* take = r.definition(operand, "take");
  if (!take || r.rank(operand) != 3 || r.rank(other) != 3 || r.shape(operand)[0] != r.shape(other)[0]) return nullptr;
  const bool matrices = r.rank(take->args[0].value) == 3 && r.rank(take->args[1].value) == 1;
  return matrices && integer(take->find("axis")) == 0 && counts_from_start(r, take->args[1].value) ? take : nullptr;
}

}  // namespace

void fuse_gather_mm(Graph& graph) {
  Rewriter r(graph);
  r.run([&](Node& node) -> std::optional<Arg> {
    if (node.op != "matmul") return std::nullopt;
    const Node* left = gathered(r, node.args[0].value, node.args[1].value);
    const Node* right = gathered(r, node.args[1].value, node.args[0].value);
    if (!left && !right) return std::nullopt;
    node.op = "gather_mm";
    if (left) node.args.push_back({"lhs_indices", left->args[1].value});
    if (right) node.args.push_back({"rhs_indices", right->args[1].value});
    if (left) node.args[0] = left->args[0];
    if (right) node.args[1] = right->args[0];
    return std::nullopt;
  });
}

}  // namespace torch2mlx::passes
