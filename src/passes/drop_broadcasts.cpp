// y + broadcast_to(x, shape=y's)  ->  y + x;  y + full(y's shape, 2)  ->  y + 2
// where(broadcast_to(m), 0.0, -inf)  ->  broadcast_to(where(m, 0.0, -inf)), where that is the only array
// drop_leading_axes: y + expand_dims(x, axis=0)  ->  y + x, where y has that axis
// sdpa(mask=broadcast_to(m))  ->  sdpa(mask=m);  sdpa(mask=where(m, full(wide, 0.0), -1e38))  ->  where(m, 0.0, -1e38);
// sdpa(mask=where(broadcast_to(m), bias, -1e38))  ->  where(m, bias, -1e38)
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

// The number of an operand that is a full array, where beside an array of its dtype it is of that dtype too.
std::optional<Arg> filler(const Rewriter& r, const Node& node, std::size_t operand) {
  const Arg& arg = node.args[operand].value;
  const Node* source = r.definition(arg, "full");
  const Arg* value = source ? source->find("value") : nullptr;
  // MLX's arrays have no __ror__ and the like.
  const bool left = operand == 0 && (node.op.starts_with("bitwise_") || node.op.ends_with("_shift"));
  if (!value || left) return std::nullopt;
  const Dtype dtype = r.type(arg).dtype;
  const auto whole = value->get_if<std::int64_t>();
  const bool small = whole && *whole > -(std::int64_t{1} << 31) && *whole < (std::int64_t{1} << 31);
  const bool fits = is_floating(dtype)   ? small || value->is<double>()
                    : is_integral(dtype) ? small
                                         : dtype == Dtype::boolean && value->is<bool>();
  if (!fits) return std::nullopt;
  return whole && is_floating(dtype) ? Arg(static_cast<double>(*whole)) : *value;
}

bool elementwise(const Node& node) {
  const ops::Info* info = ops::find(node.op);
  return info && info->axes == ops::Axes::elementwise && node.results.size() == 1;
}

// Operands without the axes in front that broadcasting adds too.
void without_leading(const Rewriter& r, Node& node) {
  const std::size_t rank = r.graph().type(node.result()).shape.size();
  for (std::size_t i = 0; i < node.args.size(); ++i) {
    const auto full = [&](const Argument& other) {
      return &other != &node.args[i] && has_tensor(r.graph(), other.value) && r.shape(other.value).size() == rank;
    };
    if (std::ranges::none_of(node.args, full)) continue;
    for (const Node* source = r.definition(node.args[i].value, "expand_dims"); source;) {
      if (integer(source->find("axis")) != 0) break;
      node.args[i].value = Arg(source->args[0].value);
      source = r.definition(node.args[i].value, "expand_dims");
    }
  }
}

class Dropper {
 public:
  explicit Dropper(Graph& graph) : r_(graph) {}

  void run() {
    r_.run([&](Node& node) -> std::optional<Arg> {
      if (node.op == "scaled_dot_product_attention") return attention_mask(node), std::nullopt;
      if (!elementwise(node)) return std::nullopt;
      operands(node);
      return before_broadcast(node);
    });
  }

 private:
  std::optional<Arg> before_broadcast(const Node& node) {
    if (ops::draws(node.op)) return std::nullopt;  // every element has a chance of its own
    std::vector<Argument> args = node.args;
    std::optional<Arg> shape;
    for (Argument& arg : args) {
      if (!has_tensor(r_.graph(), arg.value)) continue;
      const Node* source = r_.definition(arg.value, "broadcast_to");
      if (!source || shape) return std::nullopt;
      shape = *source->find("shape");
      arg.value = Arg(source->args[0].value);
    }
    if (!shape) return std::nullopt;
    const Ref narrow = r_.emit(node.op, std::move(args));
    return r_.emit("broadcast_to", {{"", narrow}, {"shape", *shape}}, r_.graph().type(node.result()));
  }

  // MLX broadcasts masks to (batch, heads, queries, keys); the last axes are kept so that the rank never changes.
  void attention_mask(Node& node) {
    const auto mask = std::ranges::find(node.args, "mask", &Argument::name);
    const Node* source = mask == node.args.end() ? nullptr : r_.definition(mask->value);
    if (!source) return;
    if (source->op == "broadcast_to" && r_.rank(source->args[0].value) == r_.rank(mask->value))
      mask->value = Arg(source->args[0].value);
    else if (elementwise(*source))
      unfilled(*source, mask->value);
  }

  // Its operands as narrow as they come.
  void unfilled(const Node& source, Arg& mask) {
    std::vector<Argument> args = source.args;
    bool any = false;
    Shape shape;
    for (std::size_t i = 0; i < args.size(); ++i) {
      if (!has_tensor(r_.graph(), args[i].value)) continue;
      if (auto number = filler(r_, source, i)) {
        args[i].value = *std::move(number), any = true;
        continue;
      }
      if (const Node* wide = r_.definition(args[i].value, "broadcast_to"))
        args[i].value = Arg(wide->args[0].value), any = true;
      broadcast(shape, r_.shape(args[i].value));
    }
    const Type type = r_.type(mask);
    if (!any || shape.size() != type.shape.size()) return;
    const Ref narrow = r_.emit(source.op, std::move(args));
    if (r_.type(narrow).dtype == type.dtype) mask = narrow;
  }

  void operands(Node& node) {
    for (std::size_t i = 0; i < node.args.size(); ++i) {
      const Arg wide = node.args[i].value;
      if (!has_tensor(r_.graph(), wide)) continue;
      const Node* source = r_.definition(wide, "broadcast_to");
      const auto number = filler(r_, node, i);
      if (!source && !number) continue;
      const Arg narrow = number ? *number : source->args[0].value;
      Shape shape;
      bool typed = !number;
      for (std::size_t k = 0; k < node.args.size(); ++k) {
        const Arg& operand = k == i ? narrow : node.args[k].value;
        if (!has_tensor(r_.graph(), operand)) continue;
        broadcast(shape, r_.shape(operand));
        typed = typed || (r_.type(operand).dtype == r_.type(wide).dtype && !(node.op == "where" && k == 0));
      }
      if (typed && shape == r_.graph().type(node.result()).shape) node.args[i].value = narrow;
    }
  }

  Rewriter r_;
};

}  // namespace

void drop_broadcasts(Graph& graph) { Dropper(graph).run(); }

void drop_leading_axes(Graph& graph) {
  Rewriter r(graph);
  r.run([&](Node& node) -> std::optional<Arg> {
    if (elementwise(node)) without_leading(r, node);
    return std::nullopt;
  });
}

}  // namespace torch2mlx::passes
