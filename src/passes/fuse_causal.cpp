// sdpa(mask=arange(L) <= arange(L)[:, None])  ->  causal_attention;  and where(that, 0, -inf) as the mask
#include "passes/passes.h"
#include "passes/triangles.h"

namespace torch2mlx::passes {
namespace {

// Numbers below it hide a key from float32 scores as -inf does.
constexpr double hidden = -1e30;

class Causal {
 public:
  explicit Causal(Graph& graph) : r_(graph), facts_(r_) {}

  void run() {
    r_.run([&](Node& node) -> std::optional<Arg> {
      const Arg* mask = node.op == "scaled_dot_product_attention" ? node.find("mask") : nullptr;
      if (mask && is_causal(*mask))
        return r_.emit("causal_attention", {node.args[0], node.args[1], node.args[2], {"scale", *node.find("scale")}},
                       r_.graph().type(node.result()));
      if (node.results.size() == 1) facts_.set(node.result(), facts_.infer(node));
      return std::nullopt;
    });
  }

 private:
  bool is_causal(const Arg& mask) const {
    const Shape& shape = r_.shape(mask);
    if (shape.size() < 2 || shape.back() != shape[shape.size() - 2]) return false;
    const Node* node = definition(mask);
    if (node && node->op == "where") {
      const auto shown = value(node->args[1].value), other = value(node->args[2].value);
      if (!shown || !other) return false;
      if (*shown == 0 && *other < hidden) return compares(node->args[0].value, true, shape.back());
      return *other == 0 && *shown < hidden && compares(node->args[0].value, false, shape.back());
    }
    return r_.type(mask).dtype == Dtype::boolean && compares(mask, true, shape.back());
  }

  // Does it hold for exactly the keys up to the query's place (`shows`), or for exactly those behind, among `length`?
  bool compares(const Arg& arg, bool shows, const Dim& length) const {
    const Node* node = definition(arg);
    const auto triangle = node ? triangle_of(r_, facts_, *node) : std::nullopt;
    if (!triangle || triangle->above == shows || triangle->k != 0) return false;
    const Shape& shape = r_.graph().type(node->result()).shape;
    return shape.back() == length && shape[shape.size() - 2] == length;
  }

  std::optional<double> value(const Arg& arg) const {
    const Fact fact = facts_.of(arg);
    return fact.is_full() ? number(&fact.value) : std::nullopt;
  }

  // What is behind broadcasts.
  const Node* definition(const Arg& arg) const {
    const Node* node = r_.definition(arg);
    while (node && node->op == "broadcast_to") node = r_.definition(node->args[0].value);
    return node;
  }

  Rewriter r_;
  Facts facts_;
};

}  // namespace

void fuse_causal(Graph& graph) { Causal(graph).run(); }

}  // namespace torch2mlx::passes
