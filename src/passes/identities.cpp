// reshape(x) to x's own shape, x * 1, transpose(transpose(x)) back, not not x, x[0:n] of all n ...  ->  x
#include <algorithm>
#include <array>

#include "passes/passes.h"
#include "passes/rewrite.h"

namespace torch2mlx::passes {
namespace {

using Rule = std::optional<Arg> (*)(Rewriter&, Node&);

bool same_type(Rewriter& r, const Node& node, const Arg& operand) {
  return operand.is<Ref>() && r.type(operand) == r.graph().type(node.result());
}

// reshape, broadcast_to, astype
std::optional<Arg> keeps_type(Rewriter& r, Node& node) {
  const Arg& x = node.args[0].value;
  return same_type(r, node, x) ? std::optional(x) : std::nullopt;
}

// reshape(expand_dims(x)) -> reshape(x): only the order of elements counts
std::optional<Arg> reshape(Rewriter& r, Node& node) {
  while (const Node* inner = r.definition(node.args[0].value)) {
    if (inner->op != "reshape" && inner->op != "expand_dims" && inner->op != "squeeze") break;
    node.args[0].value = Arg(inner->args[0].value);
  }
  return keeps_type(r, node);
}

// transpose(transpose(x, axes=p), axes=q) -> transpose(x, axes=p[q])
std::optional<Arg> transpose(Rewriter& r, Node& node) {
  auto axes = integers(node.find("axes"));
  if (!axes) return std::nullopt;
  if (const Node* inner = r.definition(node.args[0].value, "transpose")) {
    const auto first = integers(inner->find("axes"));
    if (!first) return std::nullopt;
    axes = permuted(*first, *axes);
    node.args = {{"", inner->args[0].value}, {"axes", to_list(*axes)}};
  }
  // transpose(expand_dims(x, axis=1), axes=(0, 2, 1)) -> expand_dims(x, axis=2)
  if (const Node* inner = r.definition(node.args[0].value, "expand_dims"))
    if (const auto added = axis_of(*inner, static_cast<int>(axes->size()))) {
      std::vector<int> rest = *axes;
      const auto at = static_cast<int>(std::ranges::find(rest, *added) - rest.begin());
      std::erase(rest, *added);
      if (std::ranges::is_sorted(rest) && at != *added)
        return Arg(r.emit("expand_dims", {{"", inner->args[0].value}, {"axis", at}}));
    }
  return is_identity(*axes) ? std::optional(node.args[0].value) : std::nullopt;
}

// expand_dims(squeeze(x, axis=i), axis=i) -> x, and the reverse
std::optional<Arg> undo(Rewriter& r, const Node& node, std::string_view other) {
  const Node* inner = r.definition(node.args[0].value, other);
  if (!inner || !same_type(r, node, inner->args[0].value)) return std::nullopt;
  const int rank = r.rank(inner->args[0].value) + (other == "expand_dims");
  const auto a = axis_of(node, rank), b = axis_of(*inner, rank);
  return a && a == b ? std::optional(inner->args[0].value) : std::nullopt;
}
std::optional<Arg> expand_dims(Rewriter& r, Node& node) { return undo(r, node, "squeeze"); }
std::optional<Arg> squeeze(Rewriter& r, Node& node) { return undo(r, node, "expand_dims"); }

// The operand beside a number equal to `neutral`, if the result has its very type.
std::optional<Arg> beside(Rewriter& r, const Node& node, double neutral, bool either_side) {
  const Arg &a = node.args[0].value, &b = node.args[1].value;
  if (number(&b) == neutral && same_type(r, node, a)) return a;
  if (either_side && number(&a) == neutral && same_type(r, node, b)) return b;
  return std::nullopt;
}
std::optional<Arg> add(Rewriter& r, Node& node) {
  if (!is_integral(r.graph().type(node.result()).dtype)) return std::nullopt;  // -0.0 + 0 is 0.0
  return beside(r, node, 0, true);
}
std::optional<Arg> subtract(Rewriter& r, Node& node) { return beside(r, node, 0, false); }
std::optional<Arg> multiply(Rewriter& r, Node& node) { return beside(r, node, 1, true); }
std::optional<Arg> divide(Rewriter& r, Node& node) { return beside(r, node, 1, false); }

// require(not x) -> require(x, expected=False)
std::optional<Arg> require(Rewriter& r, Node& node) {
  if (const Node* inner = r.definition(node.args[0].value, "logical_not"); inner && !node.find("expected")) {
    node.args[0].value = Arg(inner->args[0].value);
    node.args.push_back({"expected", false});
  }
  return std::nullopt;
}

std::optional<Arg> logical_not(Rewriter& r, Node& node) {
  const Node* inner = r.definition(node.args[0].value, "logical_not");
  return inner && same_type(r, node, inner->args[0].value) ? std::optional(inner->args[0].value) : std::nullopt;
}

// x[0:n] where the axis has n elements
std::optional<Arg> slice(Rewriter& r, Node& node) {
  const Arg &x = node.args[0].value, *start = node.find("start"), *stop = node.find("stop"), *step = node.find("step");
  if ((start && integer(start) != 0) || (step && integer(step) != 1) || !same_type(r, node, x)) return std::nullopt;
  const auto axis = axis_of(node, r.rank(x));
  if (!axis) return std::nullopt;
  const Dim& dim = r.shape(x)[static_cast<std::size_t>(*axis)];
  if (!stop) return x;
  if (const auto* ref = stop->get_if<Ref>()) return r.graph().type(*ref).size == dim ? std::optional(x) : std::nullopt;
  const auto end = integer(stop);
  return end && *end >= maximum(r.graph(), dim) ? std::optional(x) : std::nullopt;
}

std::optional<Arg> concatenate(Rewriter& r, Node& node) {
  const auto* parts = node.args[0].value.get_if<List>();
  return parts && parts->size() == 1 && same_type(r, node, parts->front()) ? std::optional(parts->front())
                                                                           : std::nullopt;
}

// where(x == k, a, where(x != k, b, c)) -> where(x == k, a, b)
void skip_never(Rewriter& r, Node& node) {
  const Type& type = r.graph().type(node.result());
  const Node *is = r.definition(node.args[0].value, "equal"), *inner = r.definition(node.args[2].value, "where");
  const Node* is_not = inner ? r.definition(inner->args[0].value, "not_equal") : nullptr;
  if (!is || !is_not || is->args != is_not->args || r.shape(node.args[0].value) != type.shape) return;
  const Arg &a = node.args[1].value, &b = inner->args[1].value;
  const auto typed = [&](const Arg& arg) {
    return arg.is<double>() ? type.dtype == Dtype::float32
                            : has_tensor(r.graph(), arg) && r.type(arg).dtype == type.dtype;
  };
  if (typed(a) && typed(b)) node.args[2].value = Arg(b);
}

std::optional<Arg> where(Rewriter& r, Node& node) {
  skip_never(r, node);
  const Arg &a = node.args[1].value, &b = node.args[2].value;
  return a == b && same_type(r, node, a) ? std::optional(a) : std::nullopt;
}

struct Row {
  std::string_view op;
  Rule rule;
};
constexpr std::array rows{
    Row{"add", add},
    Row{"astype", keeps_type},
    Row{"broadcast_to", keeps_type},
    Row{"concatenate", concatenate},
    Row{"divide", divide},
    Row{"expand_dims", expand_dims},
    Row{"logical_not", logical_not},
    Row{"multiply", multiply},
    Row{"require", require},
    Row{"reshape", reshape},
    Row{"slice", slice},
    Row{"squeeze", squeeze},
    Row{"subtract", subtract},
    Row{"transpose", transpose},
    Row{"where", where},
};

}  // namespace

void identities(Graph& graph) {
  Rewriter rewriter(graph);
  rewriter.run([&](Node& node) -> std::optional<Arg> {
    const Type& type = graph.type(node.results.at(0));
    // A size that is the same for all inputs is a number.
    if (type.kind == ValueKind::integer && type.size && type.size->constant()) return Arg(*type.size->constant());
    const auto row = std::ranges::find(rows, node.op, &Row::op);
    return row == rows.end() ? std::nullopt : row->rule(rewriter, node);
  });
}

}  // namespace torch2mlx::passes
