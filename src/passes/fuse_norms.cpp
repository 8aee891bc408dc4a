// x * rsqrt(mean(x * x, axis=-1) + eps) * w  ->  rms_norm(x, weight=w, eps=eps)
// (x - mean) * rsqrt(mean((x - mean) ** 2) + eps) * w + b  ->  layer_norm(x, weight=w, bias=b, eps=eps)
#include "passes/match.h"
#include "passes/passes.h"

namespace torch2mlx::passes {
namespace {

class Norms {
 public:
  explicit Norms(Graph& graph) : uses_(count_uses(graph)), r_(graph) {}

  void run() {
    r_.run([&](Node& node) -> std::optional<Arg> {
      auto norm = fuse(node);
      if (norm) uses_.resize(r_.graph().values.size());
      if (norm) uses_[norm->as<Ref>().id] = uses_[node.results[0].id];
      return norm;
    });
  }

 private:
  std::optional<Arg> fuse(const Node& node) {
    if (node.op == "astype") return in_own_dtype(node);
    if (node.op != "multiply" && node.op != "divide" && node.op != "add") return std::nullopt;
    if (auto norm = bare(node)) return norm;
    if (node.op == "multiply") return with(node, "weight");
    return node.op == "add" ? with(node, "bias") : std::nullopt;
  }

  // Squares and scalings as they are written.
  static std::vector<Pattern> forms(const Pattern& x) {
    std::vector<Pattern> all;
    for (const Pattern& square :
         {call("square", any("d")), call("power", any("d"), number_of(2)), call("multiply", any("d"), any("d"))}) {
      const Pattern shifted = call("add", call("mean", square).as("mean"), any("eps"));
      all.push_back(call("multiply", x, call("rsqrt", shifted)));
      all.push_back(call("divide", x, call("sqrt", shifted)));
    }
    return all;
  }

  bool over_last_axis(const Node& mean) const {
    const Arg* axis = mean.find("axis");
    const auto axes = integers(axis ? axis : mean.find("axes"));
    const Arg* keepdims = mean.find("keepdims");
    const int last = r_.rank(mean.args[0].value) - 1;
    return axes && axes->size() == 1 && (axes->front() == -1 || axes->front() == last) && keepdims &&
           *keepdims == Arg(true);
  }

  std::optional<Arg> bare(const Node& node) {
    static const std::vector<Pattern> patterns = forms(any("d"));
    for (const Pattern& pattern : patterns) {
      const auto found = match(r_, node, pattern);
      if (!found || !over_last_axis(*found->nodes.at("mean"))) continue;
      const Arg &d = found->values.at("d"), &eps = found->values.at("eps");
      if (!number(&eps) || !d.is<Ref>() || r_.type(d) != r_.graph().type(node.result())) return std::nullopt;
      if (!is_floating(r_.type(d).dtype)) return std::nullopt;
      const Arg centered = centered_from(d);
      const bool is_layer_norm = !centered.is<std::monostate>();
      return r_.emit(is_layer_norm ? "layer_norm" : "rms_norm",
                     {{"", is_layer_norm ? centered : d}, {"eps", *number(&eps)}}, r_.type(d));
    }
    return std::nullopt;
  }

  // x where d is x - mean(x).
  Arg centered_from(const Arg& d) const {
    const Node* difference = r_.definition(d, "subtract");
    const auto found = difference
                           ? match(r_, *difference, call("subtract", any("x"), call("mean", any("x")).as("mean")))
                           : std::nullopt;
    return found && over_last_axis(*found->nodes.at("mean")) ? found->values.at("x") : Arg();
  }

  bool used_once(const Node& node) const { return uses_[node.result().id] <= 1; }

  // norm(x) * w, norm(x) + b for vectors w and b
  std::optional<Arg> with(const Node& node, std::string_view name) {
    const Type type = r_.graph().type(node.result());
    for (const std::size_t i : {0U, 1U}) {
      const Node* norm = r_.definition(node.args[i].value);
      const Arg vector = node.args[1 - i].value;
      const bool layer = norm && norm->op == "layer_norm";
      if (!layer && !(norm && norm->op == "rms_norm" && name == "weight")) continue;
      if (norm->find(name) || norm->find("bias") || r_.type(norm->result()) != type || !used_once(*norm)) continue;
      if (!has_tensor(r_.graph(), vector) || r_.rank(vector) != 1 || r_.type(vector).dtype != type.dtype) continue;
      if (r_.shape(vector)[0] != type.shape.back()) continue;
      std::vector<Argument> args{norm->args[0]};
      if (const Arg* weight = norm->find("weight")) args.push_back({"weight", *weight});
      args.push_back({std::string(name), vector});
      args.push_back({"eps", *norm->find("eps")});
      return r_.emit(norm->op, std::move(args), type);
    }
    return std::nullopt;
  }

  // astype(norm(astype(x, f32)), dtype of x) -> norm(x): MLX's norms compute in single precision themselves
  std::optional<Arg> in_own_dtype(const Node& node) {
    const Node* norm = r_.definition(node.args[0].value);
    if (!norm || (norm->op != "rms_norm" && norm->op != "layer_norm") || norm->args.size() != 2) return std::nullopt;
    const Node* wide = r_.definition(norm->args[0].value, "astype");
    const Type& type = r_.graph().type(node.result());
    if (!wide || wide->find("dtype") == nullptr || *wide->find("dtype") != Arg(Dtype::float32)) return std::nullopt;
    const Arg x = wide->args[0].value;
    if (!x.is<Ref>() || r_.type(x) != type) return std::nullopt;
    return r_.emit(norm->op, {{"", x}, {"eps", *norm->find("eps")}}, type);
  }

  std::vector<int> uses_;  // a fused value has those of the one it replaces
  Rewriter r_;
};

}  // namespace

void fuse_norms(Graph& graph) { Norms(graph).run(); }

}  // namespace torch2mlx::passes
