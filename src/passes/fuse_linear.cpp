// matmul(x, transpose(w)) + b of parameters w, b  ->  linear(x, w, bias=b)
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace torch2mlx::passes {
namespace {

bool is_parameter(const Graph& graph, const Arg& arg) {
  const auto* ref = arg.get_if<Ref>();
  const graph::Input* input = ref ? graph.input(*ref) : nullptr;
  return input && input->kind == graph::InputKind::parameter;
}

// The parameter w of shape (out, in) whose transpose is multiplied.
std::optional<Arg> weight(const Rewriter& r, const Graph& graph, const Node& matmul) {
  const Node* transposed = r.definition(matmul.args[1].value, "transpose");
  if (!transposed || integers(transposed->find("axes")) != std::vector<int>{1, 0}) return std::nullopt;
  const Arg& w = transposed->args[0].value;
  return is_parameter(graph, w) && r.rank(matmul.args[0].value) >= 2 ? std::optional(w) : std::nullopt;
}

}  // namespace

void fuse_linear(Graph& graph) {
  const std::vector<int> uses = count_uses(graph);
  Rewriter r(graph);
  r.run([&](Node& node) -> std::optional<Arg> {
    const auto type = graph.type(node.results.at(0));
    if (node.op == "matmul")
      if (const auto w = weight(r, graph, node)) {
        node.op = "linear";
        node.args[1].value = *w;
      }
    if (node.op != "add") return std::nullopt;
    for (const std::size_t i : {0U, 1U}) {
      const Node* linear = r.definition(node.args[i].value, "linear");
      const Arg& bias = node.args[1 - i].value;
      const bool alone = linear && linear->result().id < uses.size() && uses[linear->result().id] == 1;
      if (!alone || linear->find("bias") || !is_parameter(graph, bias) || r.rank(bias) != 1) continue;
      if (r.type(linear->result()) != type || r.shape(bias)[0] != type.shape.back()) continue;
      return r.emit("linear", {linear->args[0], linear->args[1], {"bias", bias}}, type);
    }
    return std::nullopt;
  });
}

}  // namespace torch2mlx::passes
