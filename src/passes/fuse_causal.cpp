// sdpa(mask=arange(L) <= arange(L)[:, None])  ->  causal_attention;  and where(that, 0, -inf) as the mask
#include <array>

#include "passes/facts.h"
#include "passes/passes.h"

namespace torch2mlx::passes {
namespace {

// Numbers below it hide a key from float32 scores as -inf does.
constexpr double hidden = -1e30;

struct Comparison {
  std::string_view op;
  bool shows;          // keys up to the query's place; else it holds for those behind
  bool keys_first;     // keys op queries
  std::int64_t shift;  // what the bound lies before the query's place: keys < queries + 1
};
constexpr std::array comparisons{
    Comparison{"less_equal", true, true, 0},     Comparison{"less", true, true, 1},
    Comparison{"greater_equal", true, false, 0}, Comparison{"greater", true, false, 1},
    Comparison{"greater", false, true, 0},       Comparison{"greater_equal", false, true, 1},
    Comparison{"less", false, false, 0},         Comparison{"less_equal", false, false, 1},
};

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
      if (*shown == 0 && *other < hidden) return compares(node->args[0].value, true);
      return *other == 0 && *shown < hidden && compares(node->args[0].value, false);
    }
    return r_.type(mask).dtype == Dtype::boolean && compares(mask, true);
  }

  // Does it hold for exactly the keys up to the query's place (`shows`), or for exactly those behind?
  bool compares(const Arg& arg, bool shows) const {
    const Node* node = definition(arg);
    if (!node || node->args.size() < 2 || !node->args[0].value.is<Ref>() || !node->args[1].value.is<Ref>())
      return false;
    for (const Comparison& row : comparisons) {
      if (node->op != row.op || shows != row.shows) continue;
      const Arg &keys = node->args[row.keys_first ? 0 : 1].value, &queries = node->args[row.keys_first ? 1 : 0].value;
      const Fact k = facts_.of(keys), q = facts_.of(queries);
      const bool counted = k.is_ramp() && q.is_ramp() && k.step == 1 && q.step == 1 && k.start + row.shift == q.start;
      if (counted && k.axis == r_.rank(keys) - 1 && q.axis == r_.rank(queries) - 2) return true;
    }
    return false;
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
