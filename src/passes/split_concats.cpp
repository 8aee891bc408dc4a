// index(concatenate([a, b], axis=0), items=("4:",))  ->  b
// index(reshape(linear(x, concatenate([a, b]), bias=...), [s, 2, 4]), items=(":", 1))  ->  linear(x, b, bias=...)
// Parts of what was packed in PyTorch are used one by one: after merge_index, when every subscript is one node.
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace torch2mlx::passes {
namespace {

class Splitter {
 public:
  explicit Splitter(Graph& graph) : r_(graph) {}

  void run() {
    r_.run([&](Node& node) -> std::optional<Arg> {
      if (node.op != "index") return std::nullopt;
      const List items = node.find("items")->as<List>();
      if (const Node* packed = r_.definition(node.args[0].value, "concatenate")) return part(*packed, items);
      const Node* heads = r_.definition(node.args[0].value, "reshape");
      const Node* linear = heads ? r_.definition(heads->args[0].value, "linear") : nullptr;
      return linear ? projection(*heads, *linear, items) : std::nullopt;
    });
  }

 private:
  static const List& parts_of(const Node& concatenate) { return concatenate.args[0].value.as<List>(); }

  std::optional<std::int64_t> length(const Arg& arg) const { return r_.shape(arg).at(0).constant(); }

  // Rows of a concatenation that begin and end where its parts do.
  std::optional<Arg> part(const Node& packed, const List& items) {
    if (integer(packed.find("axis")) != 0 || items.size() != 1 || !items[0].is<List>()) return std::nullopt;
    const List& range = items[0].as<List>();
    const std::int64_t all = r_.shape(Arg(packed.result())).at(0).constant().value_or(0);
    if (!range[2].is<std::monostate>()) return std::nullopt;
    const auto begin = range[0].is<std::monostate>() ? 0 : integer(&range[0]).value_or(-1);
    const auto end = range[1].is<std::monostate>() ? all : std::min(all, integer(&range[1]).value_or(-1));
    std::int64_t at = 0;
    List kept;
    bool begins = false, ends = false;
    for (const Arg& one : parts_of(packed)) {
      begins = begins || at == begin;
      if (at >= begin && at < end) kept.push_back(one);
      at += length(one).value_or(all);
      ends = ends || at == end;
    }
    if (!begins || !ends || kept.empty()) return std::nullopt;
    if (kept.size() == 1) return kept.front();
    return Arg(r_.emit("concatenate", {{"", std::move(kept)}, {"axis", 0}}));
  }

  // One of the equal parts of a linear layer's output, by the index of an axis that counts them.
  std::optional<Arg> projection(const Node& heads, const Node& linear, const List& items) {
    const Node* weight = r_.definition(linear.args[1].value, "concatenate");
    if (!weight || integer(weight->find("axis")) != 0 || !r_.visible(linear.scope)) return std::nullopt;
    const Shape shape = r_.shape(Arg(heads.result())), rows = r_.shape(linear.args[0].value);
    const std::size_t axis = rows.size() - 1;
    const auto& weights = parts_of(*weight);
    if (items.size() != axis + 1 || shape.size() != rows.size() + 1 ||
        !std::equal(rows.begin(), rows.end() - 1, shape.begin()) ||
        shape[axis].constant() != static_cast<std::int64_t>(weights.size()))
      return std::nullopt;
    for (std::size_t i = 0; i < axis; ++i)
      if (!items[i].is<std::string>()) return std::nullopt;
    for (const Arg& one : weights)
      if (length(one) != shape[axis + 1].constant()) return std::nullopt;
    const auto index = integer(&items[axis]);
    if (!index || *index < 0) return std::nullopt;
    std::vector<Argument> args{linear.args[0], {"", weights.at(static_cast<std::size_t>(*index))}};
    if (const Arg* bias = linear.find("bias")) {
      const Node* packed = r_.definition(*bias, "concatenate");
      if (!packed || parts_of(*packed).size() != weights.size()) return std::nullopt;
      args.push_back({"bias", parts_of(*packed).at(static_cast<std::size_t>(*index))});
    }
    return Arg(r_.emit("linear", std::move(args)));
  }

  Rewriter r_;
};

}  // namespace

void split_concats(Graph& graph) { Splitter(graph).run(); }

}  // namespace torch2mlx::passes
