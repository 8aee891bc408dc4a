// position_ids[:, 0:n] of a buffer that counts up  ->  arange(0, n)[None];  zeros[ids]  ->  full(shape, 0)
// mask & true  ->  mask;  sdpa(mask=all true or all 0)  ->  sdpa without a mask
#include <algorithm>
#include <array>
#include <map>

#include "passes/facts.h"
#include "passes/passes.h"

namespace torch2mlx::passes {
namespace {

class Folder {
 public:
  explicit Folder(Graph& graph) : r_(graph), facts_(r_) {}

  void run() {
    r_.run([&](Node& node) -> std::optional<Arg> {
      expand_inputs(node);
      std::optional<Arg> result = fold(node);
      if (!result && node.results.size() == 1) facts_.set(node.result(), facts_.infer(node));
      return result;
    });
  }

 private:
  // A constant that is a cheap expression becomes one where it is used.
  void expand_inputs(Node& node) {
    for (Argument& argument : node.args)
      graph::for_each_ref(argument.value, [&](Ref& ref) {
        const Fact fact = facts_.of(ref);
        if (!fact.known() || r_.definition(ref) || r_.graph().type(ref).shape.empty()) return;
        const auto [it, added] = expanded_.try_emplace({ref.id, node.scope}, ref);
        if (added)
          if (const auto made = materialize(fact, r_.graph().type(ref))) it->second = made->as<Ref>();
        ref = it->second;
      });
  }

  std::optional<Arg> fold(Node& node) {
    if (node.results.size() != 1 || node.op == "full") return std::nullopt;
    if (auto simpler = without_neutral(node)) return simpler;
    const Fact fact = facts_.infer(node);
    const bool written = node.op == "arange" || places(node.op);  // what a ramp is written as
    if (fact.is_full() || (fact.is_ramp() && !written)) return materialize(fact, r_.graph().type(node.result()));
    return std::nullopt;
  }

  Ref emit(std::string_view op, std::vector<Argument> args, Type type, const Fact& fact) {
    const Ref ref = r_.emit(op, std::move(args), std::move(type));
    facts_.set(ref, fact);
    return ref;
  }

  std::optional<Arg> materialize(const Fact& fact, Type type) {
    if (fact.is_full()) {
      auto shape = r_.sizes(type.shape);
      if (!shape) return std::nullopt;
      return emit("full", {{"shape", *shape}, {"value", fact.value}, {"dtype", type.dtype}}, type, fact);
    }
    return ramp(fact, type);
  }

  // arange, the other axes of size 1 added, and what is left broadcast.
  std::optional<Arg> ramp(const Fact& fact, const Type& type) {
    const auto axis = static_cast<std::size_t>(fact.axis);
    const auto stop = this->stop(fact, type.shape[axis]);
    if (!stop) return std::nullopt;
    Type made = type;
    made.shape = {type.shape[axis]};
    std::vector<Argument> args;
    if (fact.start != 0 || fact.step != 1) args.push_back({"start", fact.start});
    args.push_back({"stop", *stop});
    if (fact.step != 1) args.push_back({"step", fact.step});
    args.push_back({"dtype", type.dtype});
    Ref ref = emit("arange", std::move(args), made, Fact::ramp(0, fact.start, fact.step));
    for (std::size_t i = 0; i < type.shape.size(); ++i) {
      if (i == axis) continue;
      made.shape.insert(made.shape.begin() + static_cast<std::ptrdiff_t>(i), Dim(1));
      const int at = i < axis ? static_cast<int>(i) + 1 : fact.axis;
      ref =
          emit("expand_dims", {{"", ref}, {"axis", static_cast<int>(i)}}, made, Fact::ramp(at, fact.start, fact.step));
    }
    if (made.shape == type.shape) return ref;
    auto shape = r_.sizes(type.shape);
    if (!shape) return std::nullopt;
    return emit("broadcast_to", {{"", ref}, {"shape", *shape}}, type, fact);
  }

  std::optional<Arg> stop(const Fact& fact, const Dim& size) {
    if (const auto n = size.constant()) return Arg(fact.start + *n * fact.step);
    auto n = r_.size(size);
    if (!n || fact.step != 1) return std::nullopt;
    if (fact.start == 0) return n;
    const Type type{ValueKind::integer, Dtype::int64, {}, size + Dim(fact.start)};
    return r_.emit("int_add", {{"a", *n}, {"b", fact.start}}, type);
  }

  // x & true, x | false -> x, at the shape of the result
  std::optional<Arg> without_neutral(Node& node) {
    if (node.op == "scaled_dot_product_attention") return drop_mask(node), std::nullopt;
    const Type type = r_.graph().type(node.result());
    const bool both = node.op == "logical_and" || node.op == "bitwise_and";
    if ((!both && node.op != "logical_or" && node.op != "bitwise_or") || type.dtype != Dtype::boolean)
      return std::nullopt;
    for (const std::size_t i : {0U, 1U}) {
      const Fact fact = facts_.of(node.args[i].value);
      const Arg x = node.args[1 - i].value;
      if (!fact.is_full() || (number(&fact.value) != 0.0) != both || !x.is<Ref>()) continue;
      if (r_.type(x).dtype != Dtype::boolean) continue;
      if (r_.shape(x) == type.shape) return x;
      auto shape = r_.sizes(type.shape);
      if (shape)
        return emit("broadcast_to", {{"", x}, {"shape", *shape}}, type, facts_.of(x).is_full() ? facts_.of(x) : Fact());
    }
    return std::nullopt;
  }

  void drop_mask(Node& node) {
    const Arg* mask = node.find("mask");
    const Fact fact = mask && mask->is<Ref>() ? facts_.of(*mask) : Fact();
    if (!fact.is_full()) return;
    const bool neutral =
        r_.type(*mask).dtype == Dtype::boolean ? number(&fact.value) == 1.0 : number(&fact.value) == 0.0;
    if (neutral) std::erase_if(node.args, [](const Argument& argument) { return argument.name == "mask"; });
  }

  Rewriter r_;
  Facts facts_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, Ref> expanded_;  // (input, scope)
};

}  // namespace

void fold_constants(Graph& graph) { Folder(graph).run(); }

}  // namespace torch2mlx::passes
