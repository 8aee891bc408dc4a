// reshape(transpose(reshape(x)), split)  ->  transpose(reshape(x, split))
// reshape(linear(reshape(x, (B*L, D))), (B, L, E))  ->  linear(x)
// reshape(mean(x, axis=(1,2), keepdims=True), (B, C))  ->  mean(x, axis=(1,2))
// What flattens axes for one op and restores them behind it is written without the detour.
#include <algorithm>
#include <functional>

#include "passes/axes.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace torch2mlx::passes {
namespace {

struct Split {
  List shape;             // before the transpose
  std::vector<int> axes;  // of the transpose behind it
};

bool used_once(const std::vector<int>& uses, const Node& node) {
  const std::size_t id = node.result().id;
  return id < uses.size() && uses[id] <= 1;
}

std::optional<Split> before_transpose(const std::vector<int>& axes, const std::vector<AxisGroup>& groups,
                                      const List& shape) {
  if (groups.size() != axes.size()) return std::nullopt;
  const std::vector<int> source = inverse(axes);
  std::vector<int> first(groups.size());
  for (std::size_t i = 0, at = 0; i < groups.size(); at += groups[i++].to) first[i] = static_cast<int>(at);
  Split split;
  split.axes.resize(shape.size());
  for (const int group : source)
    for (std::size_t i = 0; i < groups[static_cast<std::size_t>(group)].to; ++i) {
      const auto at = static_cast<std::size_t>(first[static_cast<std::size_t>(group)]) + i;
      split.axes[at] = static_cast<int>(split.shape.size());
      split.shape.push_back(shape[at]);
    }
  return split;
}

std::optional<Arg> behind_transpose(Rewriter& r, Node& node, const std::vector<int>& uses) {
  const Node* moved = r.definition(node.args[0].value, "transpose");
  const Node* inner = moved ? r.definition(moved->args[0].value, "reshape") : nullptr;
  const auto axes = moved ? integers(moved->find("axes")) : std::nullopt;
  const Arg* shape = node.find("shape");
  if (!inner || !axes || !shape || !shape->is<List>() || !used_once(uses, *moved)) return std::nullopt;
  const Type type = r.graph().type(node.result());
  const auto groups = axis_groups(r.shape(node.args[0].value), type.shape);
  const auto split = groups ? before_transpose(*axes, *groups, shape->as<List>()) : std::nullopt;
  if (!split) return std::nullopt;
  Type before = type;
  before.shape = permuted(type.shape, inverse(split->axes));
  const Ref x = r.emit("reshape", {{"", inner->args[0].value}, {"shape", split->shape}}, before);
  return Arg(r.emit("transpose", {{"", x}, {"axes", to_list(split->axes)}}, type));
}

// The leading axes come back as they were before they were flattened.
std::optional<Arg> around_linear(Rewriter& r, const Node& node, const std::vector<int>& uses) {
  const Node* linear = r.definition(node.args[0].value, "linear");
  const Node* inner = linear ? r.definition(linear->args[0].value, "reshape") : nullptr;
  if (!inner || !used_once(uses, *linear)) return std::nullopt;
  const Type type = r.graph().type(node.result());
  const Shape& flat = r.shape(linear->args[0].value);
  if (!(r.shape(node.args[0].value).back() == type.shape.back())) return std::nullopt;
  Type wide = type;
  wide.shape.back() = flat.back();
  const Arg* restored = node.find("shape");
  if (!restored || !restored->is<List>()) return std::nullopt;
  List shape = restored->as<List>();
  const auto features = flat.back().constant();
  if (!features || shape.empty()) return std::nullopt;
  shape.back() = Arg(*features);
  std::vector<Argument> args = linear->args;
  args[0].value = r.emit("reshape", {{"", inner->args[0].value}, {"shape", std::move(shape)}}, wide);
  return Arg(r.emit("linear", std::move(args), type));
}

// Axes that were kept with one element each are not kept at all.
std::optional<Arg> behind_reduction(Rewriter& r, const Node& node, const std::vector<int>& uses) {
  const Node* inner = r.definition(node.args[0].value);
  if (!inner || !is_reduction(inner->op) || !used_once(uses, *inner)) return std::nullopt;
  const Arg* keeps = inner->find("keepdims");
  auto axes = integers(inner->find("axis"));
  if (!keeps || !keeps->is<bool>() || !keeps->as<bool>() || !axes) return std::nullopt;
  Shape shape = r.shape(node.args[0].value);
  const auto rank = static_cast<int>(shape.size());
  for (int& axis : *axes) axis += axis < 0 ? rank : 0;
  std::ranges::sort(*axes, std::greater<>());
  for (const int axis : *axes) shape.erase(shape.begin() + axis);
  if (shape != r.graph().type(node.result()).shape) return std::nullopt;
  std::vector<Argument> args = inner->args;
  std::erase_if(args, [](const Argument& arg) { return arg.name == "keepdims"; });
  return Arg(r.emit(inner->op, std::move(args), r.graph().type(node.result())));
}

}  // namespace

void unflatten(Graph& graph) {
  const std::vector<int> uses = count_uses(graph);
  Rewriter rewriter(graph);
  rewriter.run([&](Node& node) -> std::optional<Arg> {
    if (node.op != "reshape" && node.op != "squeeze") return std::nullopt;
    if (auto reduced = behind_reduction(rewriter, node, uses)) return reduced;
    if (node.op != "reshape") return std::nullopt;
    auto result = behind_transpose(rewriter, node, uses);
    return result ? result : around_linear(rewriter, node, uses);
  });
}

}  // namespace torch2mlx::passes
