// x[arange(n)[:, None, None], arange(m)]  ->  x[:n, None, :m];  take(x, arange(n), axis=i)  ->  x[:n]
#include <algorithm>

#include "passes/facts.h"
#include "passes/passes.h"

namespace torch2mlx::passes {
namespace {

// One index array of a gather: the axis of x it reads and the axis of the broadcast indices it runs along.
struct Run {
  int axis;   // of x
  int along;  // of the indices' common shape
  std::int64_t start;
  Dim size;
};

class Gathers {
 public:
  explicit Gathers(Graph& graph) : r_(graph), facts_(r_) {}

  void run() {
    r_.run([&](Node& node) -> std::optional<Arg> {
      auto result = rewrite(node);
      if (!result && node.results.size() == 1) facts_.set(node.result(), facts_.infer(node));
      return result;
    });
  }

 private:
  std::optional<Arg> rewrite(Node& node) {
    if (node.op == "take_along_axis") return along_axis(node);
    if (node.op == "take") {
      const auto axis = axis_of(node, r_.rank(node.args[0].value));
      return axis ? gather(node, {node.args[1].value}, {*axis}) : std::nullopt;
    }
    const auto axes = node.op == "gather" ? integers(node.find("axes")) : std::nullopt;
    const auto* indices = axes ? node.args[1].value.get_if<List>() : nullptr;
    return indices ? gather(node, *indices, *axes) : std::nullopt;
  }

  // x[start : start + size] along one axis, x itself where that is all of it.
  std::optional<Arg> slice(const Arg& x, int axis, std::int64_t start, Dim size) {
    Type type = r_.type(x);
    Dim& dim = type.shape[static_cast<std::size_t>(axis)];
    if (start == 0 && dim == size) return x;
    const auto known = dim.constant(), wanted = size.constant();
    if (start < 0 || (known && wanted && start + *wanted > *known)) return std::nullopt;
    auto stop = r_.size(size);
    if (!stop || (start != 0 && !wanted)) return std::nullopt;
    if (wanted) stop = Arg(start + *wanted);
    dim = size;
    return r_.emit("slice", {{"", x}, {"axis", axis}, {"start", start}, {"stop", *stop}, {"step", 1}}, std::move(type));
  }

  std::optional<Arg> along_axis(const Node& node) {
    const Arg &x = node.args[0].value, &index = node.args[1].value;
    const auto axis = axis_of(node, r_.rank(x));
    const Fact fact = facts_.of(index);
    if (!axis || !fact.is_ramp() || fact.step != 1 || fact.axis != *axis) return std::nullopt;
    Shape rest = r_.shape(x);
    const Shape& wanted = r_.graph().type(node.result()).shape;
    const auto at = static_cast<std::size_t>(*axis);
    rest[at] = wanted[at];
    return rest == wanted ? slice(x, *axis, fact.start, wanted[at]) : std::nullopt;
  }

  // What each index array reads, ordered along the indices' axes; nullopt if one is no ramp or two share an axis.
  std::optional<std::vector<Run>> runs(const List& indices, const std::vector<int>& axes, int rank) const {
    std::vector<Run> found;
    for (std::size_t i = 0; i < indices.size(); ++i) {
      const Fact fact = facts_.of(indices[i]);
      if (!indices[i].is<Ref>() || !fact.is_ramp() || fact.step != 1) return std::nullopt;
      const Shape& shape = r_.shape(indices[i]);
      for (std::size_t k = 0; k < shape.size(); ++k)
        if (static_cast<int>(k) != fact.axis && shape[k] != Dim(1)) return std::nullopt;
      found.push_back({axes[i], fact.axis + rank - static_cast<int>(shape.size()), fact.start,
                       shape[static_cast<std::size_t>(fact.axis)]});
    }
    std::ranges::sort(found, {}, &Run::along);
    const auto twice = std::ranges::adjacent_find(found, {}, &Run::along);
    return twice == found.end() ? std::optional(found) : std::nullopt;
  }

  std::optional<Arg> gather(const Node& node, const List& indices, const std::vector<int>& axes) {
    const auto x = node.args[0].value;
    for (std::size_t i = 1; i < axes.size(); ++i)
      if (axes[i] != axes[i - 1] + 1) return std::nullopt;
    const int rank = r_.rank(x), made = static_cast<int>(r_.graph().type(node.result()).shape.size());
    const int count = static_cast<int>(axes.size()), index_rank = made - rank + count;
    const auto found = runs(indices, axes, index_rank);
    return found ? rearrange(x, *found, axes.front(), index_rank) : std::nullopt;
  }

  std::optional<Arg> rearrange(Arg x, const std::vector<Run>& found, int first, int index_rank) {
    std::vector<int> order;
    for (int axis = 0; axis < r_.rank(x); ++axis) order.push_back(axis);
    for (std::size_t i = 0; i < found.size(); ++i) {
      auto part = slice(x, found[i].axis, found[i].start, found[i].size);
      if (!part) return std::nullopt;
      x = *std::move(part);
      order[static_cast<std::size_t>(first) + i] = found[i].axis;
    }
    if (!is_identity(order)) {
      Type type = r_.type(x);
      type.shape = permuted(type.shape, order);
      x = r_.emit("transpose", {{"", x}, {"axes", to_list(order)}}, std::move(type));
    }
    for (int along = 0; along < index_rank; ++along) {
      if (std::ranges::find(found, along, &Run::along) != found.end()) continue;
      Type type = r_.type(x);
      type.shape.insert(type.shape.begin() + first + along, Dim(1));
      x = r_.emit("expand_dims", {{"", x}, {"axis", first + along}}, std::move(type));
    }
    return x;
  }

  Rewriter r_;
  Facts facts_;
};

}  // namespace

void fold_gathers(Graph& graph) { Gathers(graph).run(); }

}  // namespace torch2mlx::passes
