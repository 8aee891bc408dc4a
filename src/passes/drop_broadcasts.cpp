// y + broadcast_to(x, shape=y's)  ->  y + x;  sdpa(mask=broadcast_to(m))  ->  sdpa(mask=m)
#include <algorithm>

#include "ops/table.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace torch2mlx::passes {
namespace {

// The shape of operands broadcast together; sizes are only compared as expressions.
void broadcast(Shape& result, const Shape& shape) {
  while (result.size() < shape.size()) result.insert(result.begin(), Dim(1));
  const std::size_t offset = result.size() - shape.size();
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (shape[i] != Dim(1)) result[offset + i] = shape[i];
}

class Dropper {
 public:
  explicit Dropper(Graph& graph) : r_(graph) {}

  void run() {
    r_.run([&](Node& node) -> std::optional<Arg> {
      if (node.op == "scaled_dot_product_attention") return attention_mask(node), std::nullopt;
      const ops::Info* info = ops::find(node.op);
      if (info && info->axes == ops::Axes::elementwise && node.results.size() == 1) operands(node);
      return std::nullopt;
    });
  }

 private:
  // MLX broadcasts masks to (batch, heads, queries, keys); the last axes are kept so that the rank never changes.
  void attention_mask(Node& node) {
    for (Argument& argument : node.args)
      if (argument.name == "mask")
        if (const Node* source = r_.definition(argument.value, "broadcast_to");
            source && r_.rank(source->args[0].value) == r_.rank(argument.value))
          argument.value = Arg(source->args[0].value);
  }

  void operands(Node& node) {
    for (std::size_t i = 0; i < node.args.size(); ++i) {
      const Node* source = r_.definition(node.args[i].value, "broadcast_to");
      if (!source) continue;
      const Arg narrow = source->args[0].value;
      Shape shape;
      for (std::size_t k = 0; k < node.args.size(); ++k)
        if (has_tensor(r_.graph(), node.args[k].value))
          broadcast(shape, r_.shape(k == i ? narrow : node.args[k].value));
      if (shape == r_.graph().type(node.result()).shape) node.args[i].value = narrow;
    }
  }

  Rewriter r_;
};

}  // namespace

void drop_broadcasts(Graph& graph) { Dropper(graph).run(); }

}  // namespace torch2mlx::passes
