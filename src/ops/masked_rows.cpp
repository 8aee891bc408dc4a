#include "ops/masked_rows.h"

#include <algorithm>
#include <ranges>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "ops/table.h"

namespace torch2mlx::ops {
namespace {

using graph::Arg;
using graph::Dim;
using graph::Graph;
using graph::List;
using graph::Node;
using graph::Ref;
using graph::Shape;
using graph::Type;
using graph::ValueKind;
using Rows = MaskedRows::Rows;

Dim product(const Shape& sizes) {
  Dim all(1);
  for (const Dim& size : sizes) all = all * size;
  return all;
}

// --- what masks read ---------------------------------------------------------------------------------------------

// x[:, mask]: the mask, and the axis of the result that it makes.
std::optional<EveryRow::Rows> picks(const Graph& aten, const Node& node) {
  if (node.op != "aten.index.Tensor" || node.args.size() != 2) return std::nullopt;
  const auto* indices = node.args[1].value.get_if<List>();
  if (!indices) return std::nullopt;
  std::optional<EveryRow::Rows> found;
  for (std::size_t axis = 0; axis < indices->size(); ++axis) {
    const auto* index = (*indices)[axis].get_if<Ref>();
    if (!index) continue;
    if (found || aten.type(*index).dtype != Dtype::boolean) return std::nullopt;
    found = {*index, axis};
  }
  return found;
}

void replace(Type& type, const std::string& symbol, const Dim& by) {
  for (Dim& size : type.shape) size = size.with(symbol, by);
  if (type.size) type.size = type.size->with(symbol, by);
}

bool mentions(const Type& type, const std::string& symbol) {
  const auto has = [&](const Dim& size) { return std::ranges::count(size.symbols(), symbol) != 0; };
  return std::ranges::any_of(type.shape, has) || (type.size && has(*type.size));
}

}  // namespace

std::optional<EveryRow> every_row(const Graph& aten) {
  std::optional<EveryRow> result;
  for (const Node& node : aten.nodes) {
    const auto mask = picks(aten, node);
    if (!mask) continue;
    const Shape& shape = aten.type(node.results[0]).shape;
    const auto symbol = mask->axis < shape.size() ? shape[mask->axis].as_symbol() : std::nullopt;
    if (!symbol || std::ranges::count(aten.symbols, *symbol, &graph::Symbol::name) != 0) continue;
    if (!result) result.emplace(aten);
    result->picked.insert(node.results[0].id);
    const Dim every = product(result->graph.type(mask->mask).shape);
    for (std::uint32_t id = 0; id < aten.values.size(); ++id) {
      Type& type = result->graph.values[id].type;
      if (!mentions(type, *symbol)) continue;
      result->counted.insert(id);
      if (const auto axis = std::ranges::find(type.shape, Dim::symbol(*symbol)); axis != type.shape.end())
        result->rows.try_emplace(id, EveryRow::Rows{mask->mask, static_cast<std::size_t>(axis - type.shape.begin())});
      replace(type, *symbol, every);
    }
  }
  if (!result) return result;
  // Numbers made of numbers that are not sizes, as their quotients.
  const auto is_counted = [&](const Ref& ref) {
    return aten.type(ref).kind != ValueKind::tensor && result->counted.contains(ref.id);
  };
  for (const Node& node : aten.nodes) {
    bool counted = false;
    for (const graph::Argument& argument : node.args)
      graph::for_each_ref(argument.value, [&](const Ref& ref) { counted |= is_counted(ref); });
    for (const Ref ref : node.results)
      if (counted && aten.type(ref).kind != ValueKind::tensor) result->counted.insert(ref.id);
  }
  return result;
}

// --- what is made of them ----------------------------------------------------------------------------------------

namespace {

// The rows of a result, of an op by its roles of axes. nullopt: it reads several rows for one, or nobody says.
class Following {
 public:
  Following(const Graph& graph, const Node& node, const MaskedRows& marks)
      : graph_(graph), node_(node), marks_(marks) {}

  std::optional<Rows> result() const {
    switch (find(node_.op)->axes) {
      case Axes::elementwise:
        return together();
      case Axes::remap:
        return beside();
      default:
        return fixed();
    }
  }

 private:
  std::optional<Rows> fixed() const {
    const std::string_view op = node_.op;
    const auto* x = marked(0);
    if (op == "embedding") return x ? std::nullopt : marked(1) ? std::optional(*marked(1)) : std::nullopt;
    if (op == "take") return take();
    if (op == "take_along_axis") return along();
    if (op == "searchsorted") return x || !marked(1) ? std::nullopt : std::optional(*marked(1));
    if (op == "matmul") return matmul();
    if (!x || others()) return std::nullopt;
    const int axis = x->axis, rank = this->rank(0);
    if (op == "linear" || op == "layer_norm" || op == "rms_norm")
      return axis < rank - 1 ? std::optional(*x) : std::nullopt;
    if (op == "reshape") return reshape();
    if (op == "broadcast_to") return Rows{x->mask, axis + result_rank() - rank};
    if (op == "expand_dims") return Rows{x->mask, axis + (at("axis", result_rank()) <= axis ? 1 : 0)};
    if (op == "transpose") return transpose();
    if (op == "slice") return at("axis", rank) == axis ? std::nullopt : std::optional(*x);
    if (op == "squeeze" || op == "select") {
      const int without = at("axis", rank);
      return without == axis ? std::nullopt : std::optional(Rows{x->mask, axis - (without < axis ? 1 : 0)});
    }
    if (op == "pad") return pad();
    return std::nullopt;
  }

  // Every operand has the same rows at the same axis, counted from the last, or one for all of them.
  std::optional<Rows> together() const {
    std::optional<Rows> rows;
    bool apart = false;
    const auto take = [&](const Ref& ref) {
      if (graph_.type(ref).kind != ValueKind::tensor) return;
      const auto* found = marks_.find(ref);
      if (!found) return;
      const Rows here{found->mask, found->axis + result_rank() - rank(ref)};
      apart |= rows && !(*rows == here);
      rows = here;
    };
    for_each(take);
    if (!rows || apart) return std::nullopt;
    for_each([&](const Ref& ref) {
      if (graph_.type(ref).kind != ValueKind::tensor || marks_.find(ref)) return;
      const int axis = rows->axis - (result_rank() - rank(ref));
      apart |= axis >= 0 && graph_.type(ref).shape[static_cast<std::size_t>(axis)] != Dim(1);
    });
    return apart ? std::nullopt : rows;
  }

  // As that, but for the axes that the op names: none of them is that of the rows.
  std::optional<Rows> beside() const {
    std::optional<Rows> rows;
    bool apart = false;
    int rank = 0;
    for_each([&](const Ref& ref) {
      const auto* found = marks_.find(ref);
      apart |= !found || (rows && !(*rows == *found));
      if (found) rows = *found;
      rank = this->rank(ref);
    });
    const Arg* named = node_.find("axis");
    if (!rows || apart || !named) return std::nullopt;
    const auto axes = named->is<List>() ? named->as<List>() : List{*named};
    int gone = 0;
    for (const Arg& axis : axes) {
      const auto at = static_cast<int>(axis.as<std::int64_t>());
      if ((at < 0 ? at + rank : at) == rows->axis) return std::nullopt;
      if ((at < 0 ? at + rank : at) < rows->axis) ++gone;
    }
    return result_rank() == rank ? rows : Rows{rows->mask, rows->axis - gone};
  }

  template <class F>
  void for_each(F&& f) const {
    for (const auto& argument : node_.args) graph::for_each_ref(argument.value, f);
  }
  int rank(const Ref& ref) const { return static_cast<int>(graph_.type(ref).shape.size()); }
  const Arg& operand(std::size_t i) const { return node_.args.at(i).value; }
  const Rows* marked(std::size_t i) const {
    const auto* ref = i < node_.args.size() ? operand(i).get_if<Ref>() : nullptr;
    return ref ? marks_.find(*ref) : nullptr;
  }
  bool others() const {
    bool any = false;
    for (const auto& argument : node_.args | std::views::drop(1))
      graph::for_each_ref(argument.value, [&](const Ref& ref) { any |= marks_.find(ref) != nullptr; });
    return any;
  }
  const Shape& shape(std::size_t i) const { return graph_.type(operand(i).as<Ref>()).shape; }
  int rank(std::size_t i) const { return static_cast<int>(shape(i).size()); }
  const Shape& result_shape() const { return graph_.type(node_.results.at(0)).shape; }
  int result_rank() const { return static_cast<int>(result_shape().size()); }
  int at(const char* name, int rank) const {
    const auto axis = static_cast<int>(node_.find(name)->as<std::int64_t>());
    return axis < 0 ? axis + rank : axis;
  }

  // An axis of the same size behind as many elements.
  std::optional<Rows> reshape() const {
    const Shape &from = shape(0), &to = result_shape();
    const auto axis = static_cast<std::size_t>(marked(0)->axis);
    const Dim before = product(Shape(from.begin(), from.begin() + marked(0)->axis));
    for (std::size_t i = 0; i < to.size(); ++i)
      if (to[i] == from[axis] && product(Shape(to.begin(), to.begin() + static_cast<std::ptrdiff_t>(i))) == before)
        return Rows{marked(0)->mask, static_cast<int>(i)};
    return std::nullopt;
  }

  std::optional<Rows> transpose() const {
    const auto& axes = node_.find("axes")->as<List>();
    const auto place = std::ranges::find(axes, Arg(marked(0)->axis));
    return Rows{marked(0)->mask, static_cast<int>(place - axes.begin())};
  }

  std::optional<Rows> pad() const {
    const auto& widths = node_.find("widths")->as<List>().at(static_cast<std::size_t>(marked(0)->axis));
    return widths == Arg(List{0, 0}) ? std::optional(*marked(0)) : std::nullopt;
  }

  std::optional<Rows> take() const {
    const Rows *x = marked(0), *indices = marked(1);
    const int axis = at("axis", rank(0));
    if (x && indices) return std::nullopt;
    if (indices) return Rows{indices->mask, axis + indices->axis};
    if (x->axis == axis) return std::nullopt;
    return Rows{x->mask, x->axis + (x->axis > axis ? rank(1) - 1 : 0)};
  }

  std::optional<Rows> along() const {
    const Rows *x = marked(0), *indices = marked(1);
    if (!x || !indices || x->axis != indices->axis || at("axis", rank(0)) == x->axis) return std::nullopt;
    return x->mask == indices->mask ? std::optional(*x) : std::nullopt;
  }

  // Rows of the left side, or of axes before the matrices.
  std::optional<Rows> matmul() const {
    const Rows *a = marked(0), *b = marked(1);
    const int rank = result_rank();
    if (a && !b && this->rank(0) > 1 && this->rank(1) > 1 && a->axis != this->rank(0) - 1) {
      const int axis = a->axis + rank - this->rank(0);
      const int other = axis - (rank - this->rank(1));
      const bool matrices = axis == rank - 2;
      return matrices || other < 0 || shape(1)[static_cast<std::size_t>(other)] == Dim(1)
                 ? std::optional(Rows{a->mask, axis})
                 : std::nullopt;
    }
    if (a && b && a->mask == b->mask && a->axis < this->rank(0) - 2 &&
        a->axis - this->rank(0) == b->axis - this->rank(1))
      return Rows{a->mask, a->axis + rank - this->rank(0)};
    return std::nullopt;
  }

  const Graph& graph_;
  const Node& node_;
  const MaskedRows& marks_;
};

using Makers = std::map<std::uint32_t, const Node*>;  // by the id of what they give

Makers makers_of(const Graph& graph) {
  Makers makers;
  for (const Node& node : graph.nodes)
    for (const Ref ref : node.results) makers[ref.id] = &node;
  return makers;
}

// Are these made by the same operations of the same values?
bool same(const Graph& graph, const Makers& makers, const Arg& a, const Arg& b) {
  const auto *one = a.get_if<List>(), *other = b.get_if<List>();
  if (one && other)
    return std::ranges::equal(*one, *other, [&](const Arg& x, const Arg& y) { return same(graph, makers, x, y); });
  if (a == b || !a.is<Ref>() || !b.is<Ref>()) return a == b;
  const auto x = makers.find(a.as<Ref>().id), y = makers.find(b.as<Ref>().id);
  if (x == makers.end() || y == makers.end()) return false;
  const Node &left = *x->second, &right = *y->second;
  const auto place = [](const Node& node, const Arg& of) {
    return std::ranges::find(node.results, of.as<Ref>()) - node.results.begin();
  };
  return left.op == right.op && !draws(left.op) && place(left, a) == place(right, b) &&
         std::ranges::equal(left.args, right.args, [&](const graph::Argument& m, const graph::Argument& n) {
           return m.name == n.name && same(graph, makers, m.value, n.value);
         });
}

}  // namespace

const Rows* MaskedRows::find(Ref array) const {
  const auto it = rows_.find(array.id);
  return it == rows_.end() ? nullptr : &it->second;
}

bool MaskedRows::is_widened(const Graph& graph, Ref wide, Ref mask) const {
  const Makers makers = makers_of(graph);
  while (!same(graph, makers, wide, mask)) {
    const auto a = makers.find(wide.id), b = makers.find(mask.id);
    if (a == makers.end()) return false;
    const auto input = [](const Node& node) { return node.args[0].value.as<Ref>(); };
    const auto last = static_cast<std::int64_t>(graph.type(wide).shape.size()) - 1;
    if (a->second->op == "expand_dims" && *a->second->find("axis") == Arg(last)) {
      wide = input(*a->second);
    } else if (b != makers.end() && a->second->op == "logical_not" && b->second->op == "logical_not") {
      wide = input(*a->second);
      mask = input(*b->second);
    } else {
      return false;
    }
  }
  return true;
}

Ref MaskedRows::known(const Graph& graph, Ref mask) {
  const Makers makers = makers_of(graph);
  for (const Ref before : masks_)
    if (same(graph, makers, before, mask)) return before;
  return masks_.emplace_back(mask);
}

void MaskedRows::mark(const Graph& graph, Ref array, Rows rows) {
  rows_[array.id] = {known(graph, rows.mask), rows.axis};
}

void MaskedRows::follow(const Graph& graph, const Node& node) {
  bool any = false;
  for (const graph::Argument& argument : node.args)
    graph::for_each_ref(argument.value, [&](const Ref& ref) { any |= find(ref) != nullptr; });
  if (!any || graph.type(node.results[0]).kind != ValueKind::tensor) return;
  const auto rows = Following(graph, node, *this).result();
  if (!rows)
    throw Error(ErrorKind::unsupported, {},
                "reads several of the rows that a mask picks, whose number depends on data");
  for (const Ref ref : node.results) rows_[ref.id] = *rows;
}

}  // namespace torch2mlx::ops
