// softmax(q @ k.T * scale + mask) @ v  ->  scaled_dot_product_attention(q, k, v, scale=scale, mask=mask)
#include "passes/match.h"
#include "passes/passes.h"

namespace torch2mlx::passes {
namespace {

// (batch, heads, keys, width) behind a transpose of its last two axes
const Node* keys(const Rewriter& r, const Arg& arg) {
  const Node* transposed = r.definition(arg, "transpose");
  const auto axes = transposed ? integers(transposed->find("axes")) : std::nullopt;
  return axes && axes->size() == 4 ? transposed : nullptr;
}

struct Scores {
  Arg q, k, mask;
  double scale = 1;
};

std::vector<Pattern> score_forms() {
  const Pattern product = call("matmul", any("q"), any("kt"));
  std::vector<Pattern> forms;
  for (const Pattern& scaled :
       {call("multiply", product, any("scale")), call("divide", product, any("divisor")), product}) {
    forms.push_back(call("add", scaled, any("mask")));
    forms.push_back(scaled);
  }
  return forms;
}

// Scores whose mask is an array and whose scale is a number. The mask is added as it is, so rows that it hides
// entirely by finite numbers come out as they did.
std::optional<Match> scores(const Rewriter& r, const Graph& graph, const Node& node) {
  static const std::vector<Pattern> forms = score_forms();
  for (const Pattern& form : forms) {
    auto found = match(r, node, form);
    if (!found) continue;
    const auto& values = found->values;
    const bool masked = values.contains("mask"), scaled = values.contains("scale"),
               divided = values.contains("divisor");
    if (masked && (!has_tensor(graph, values.at("mask")) || r.rank(values.at("mask")) > 4)) continue;
    if ((scaled && !number(&values.at("scale"))) || (divided && !number(&values.at("divisor")))) continue;
    return found;
  }
  return std::nullopt;
}

std::optional<Arg> fuse(Rewriter& r, Graph& graph, const Node& node) {
  const Node* softmax = r.definition(node.args[0].value, "softmax");
  const Arg v = node.args[1].value;
  const Type type = graph.type(node.result());
  if (!softmax || type.shape.size() != 4 || !has_tensor(graph, v) || r.rank(v) != 4) return std::nullopt;
  const auto axis = axis_of(*softmax, 4);
  const Node* sum = r.definition(softmax->args[0].value);
  const auto found = axis == 3 && sum ? scores(r, graph, *sum) : std::nullopt;
  if (!found) return std::nullopt;
  const Arg q = found->values.at("q");
  const Node* transposed = keys(r, found->values.at("kt"));
  if (!transposed || !has_tensor(graph, q) || r.rank(q) != 4) return std::nullopt;
  std::vector<int> axes = *integers(transposed->find("axes"));
  std::swap(axes[2], axes[3]);
  Arg k = transposed->args[0].value;
  const Shape heads(type.shape.begin(), type.shape.begin() + 2);
  for (const Arg& arg : {q, v})
    if (!std::equal(heads.begin(), heads.end(), r.shape(arg).begin())) return std::nullopt;
  if (!is_identity(axes)) {
    Type moved = r.type(k);
    moved.shape = permuted(moved.shape, axes);
    k = r.emit("transpose", {{"", k}, {"axes", to_list(axes)}}, std::move(moved));
  }
  if (!std::equal(heads.begin(), heads.end(), r.shape(k).begin())) return std::nullopt;
  double scale = 1;
  if (const auto it = found->values.find("scale"); it != found->values.end()) scale = *number(&it->second);
  if (const auto it = found->values.find("divisor"); it != found->values.end()) scale = 1 / *number(&it->second);
  std::vector<Argument> args{{"", q}, {"", k}, {"", v}, {"scale", scale}};
  if (const auto it = found->values.find("mask"); it != found->values.end()) {
    if (r.type(it->second).dtype != r.type(q).dtype) return std::nullopt;
    args.push_back({"mask", it->second});
  }
  return r.emit("scaled_dot_product_attention", std::move(args), type);
}

}  // namespace

void fuse_attention(Graph& graph) {
  Rewriter r(graph);
  r.run([&](Node& node) -> std::optional<Arg> { return node.op == "matmul" ? fuse(r, graph, node) : std::nullopt; });
}

}  // namespace torch2mlx::passes
