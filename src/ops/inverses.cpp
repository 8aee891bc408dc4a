#include "ops/inverses.h"

#include <algorithm>
#include <numeric>

#include "base/error.h"

namespace torch2mlx::ops::inverse {

using graph::Arg;
using graph::Argument;
using graph::Dim;
using graph::List;
using graph::Node;
using graph::Ref;

Inverse same(AtenBuilder&, const Write& w) { return w.written; }

Inverse if_same_shape(AtenBuilder& aten, const Write& w) {
  return aten.type(w.base).shape == aten.type(w.written).shape ? Inverse(w.written) : std::nullopt;
}

Inverse reshaped(AtenBuilder& aten, const Write& w) {
  if (aten.type(w.base).shape == aten.type(w.written).shape) return w.written;
  return aten("aten.view.default", {{"", w.written}, {"", aten.sizes(w.base)}}, aten.type(w.base));
}

Inverse squeezed(AtenBuilder& aten, const Write& w) {
  return aten("aten.squeeze.dim", {{"", w.written}, {"", required(w.view, 1, "dim")}}, aten.type(w.base));
}

static std::size_t axis_of(std::int64_t axis, std::size_t rank) {
  if (axis < 0) axis += static_cast<std::int64_t>(rank);
  if (axis < 0 || axis >= static_cast<std::int64_t>(rank))
    throw Error(ErrorKind::unsupported, {}, "an axis is out of range");
  return static_cast<std::size_t>(axis);
}

using Order = std::vector<std::size_t>;

static Order swapped(std::size_t rank, std::int64_t a, std::int64_t b) {
  Order order(rank);
  std::iota(order.begin(), order.end(), 0);
  if (rank > 0) std::swap(order[axis_of(a, rank)], order[axis_of(b, rank)]);
  return order;
}

static std::vector<std::int64_t> integers(const Arg* arg) {
  std::vector<std::int64_t> all;
  if (const auto* one = arg ? arg->get_if<std::int64_t>() : nullptr) all.push_back(*one);
  if (const auto* list = arg ? arg->get_if<List>() : nullptr)
    for (const Arg& item : *list)
      if (const auto* value = item.get_if<std::int64_t>()) all.push_back(*value);
  return all;
}

// Axes of the base in the order in which the view has them.
static Order moved(const Node& node, std::size_t rank) {
  const auto from = integers(parameter(node, 1, "source")), to = integers(parameter(node, 2, "destination"));
  constexpr auto open = static_cast<std::size_t>(-1);
  Order order(rank, open);
  for (std::size_t i = 0; i < std::min(from.size(), to.size()); ++i)
    order[axis_of(to[i], rank)] = axis_of(from[i], rank);
  std::size_t next = 0;
  for (std::size_t& axis : order) {
    if (axis != open) continue;
    const auto taken = [&](std::size_t at) {
      return std::ranges::any_of(from, [&](std::int64_t f) { return axis_of(f, rank) == at; });
    };
    while (next < rank && taken(next)) ++next;
    axis = next++;
  }
  return order;
}

static Order order_of(const Node& node, std::size_t rank) {
  const std::string_view name = std::string_view(node.op).substr(5);
  if (name.starts_with("permute")) {
    Order order;
    for (const std::int64_t axis : integers(parameter(node, 1, "dims"))) order.push_back(axis_of(axis, rank));
    return order;
  }
  if (name.starts_with("movedim") || name.starts_with("moveaxis")) return moved(node, rank);
  if (name.starts_with("numpy_T")) {
    Order order = swapped(rank, 0, 0);
    std::ranges::reverse(order);
    return order;
  }
  if (name.starts_with("mT") || name.starts_with("matrix_H") || name.starts_with("mH") || name.starts_with("adjoint"))
    return swapped(rank, -2, -1);
  if (name.starts_with("t.")) return rank < 2 ? swapped(rank, 0, 0) : swapped(rank, 0, 1);
  return swapped(rank, integer_parameter(node, 1, "dim0", integer_parameter(node, 1, "axis0", 0)),
                 integer_parameter(node, 2, "dim1", integer_parameter(node, 2, "axis1", 0)));
}

Inverse permuted(AtenBuilder& aten, const Write& w) {
  const Order order = order_of(w.view, aten.type(w.base).shape.size());
  Order counted = swapped(aten.type(w.base).shape.size(), 0, 0);
  if (!std::ranges::is_permutation(order, counted)) return std::nullopt;
  List back(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) back[order[i]] = static_cast<std::int64_t>(i);
  return aten("aten.permute.default", {{"", w.written}, {"", std::move(back)}}, aten.type(w.base));
}

// adjoint: of real numbers alone.
Inverse permuted_real(AtenBuilder& aten, const Write& w) {
  return row(aten.type(w.base).dtype).kind == DtypeKind::complex ? std::nullopt : permuted(aten, w);
}
Inverse same_real(AtenBuilder& aten, const Write& w) {
  return row(aten.type(w.base).dtype).kind == DtypeKind::complex ? std::nullopt : Inverse(w.written);
}

// The view's own arguments behind the base and what is written to it.
static Inverse scattered(AtenBuilder& aten, const Write& w, std::string_view op) {
  std::vector<Argument> args{{"", w.base}, {"", w.written}};
  args.insert(args.end(), w.view.args.begin() + 1, w.view.args.end());
  return aten(op, std::move(args), aten.type(w.base));
}
Inverse sliced(AtenBuilder& aten, const Write& w) { return scattered(aten, w, "aten.slice_scatter.default"); }
Inverse selected(AtenBuilder& aten, const Write& w) { return scattered(aten, w, "aten.select_scatter.default"); }
Inverse diagonal(AtenBuilder& aten, const Write& w) { return scattered(aten, w, "aten.diagonal_scatter.default"); }

static Inverse range(AtenBuilder& aten, const Write& w, std::int64_t dim, Arg start, Arg stop) {
  return aten("aten.slice_scatter.default",
              {{"", w.base}, {"", w.written}, {"", dim}, {"", std::move(start)}, {"", std::move(stop)}},
              aten.type(w.base));
}

Inverse narrowed(AtenBuilder& aten, const Write& w) {
  const std::int64_t dim = integer_parameter(w.view, 1, "dim", 0);
  const Arg start = required(w.view, 2, "start"), length = required(w.view, 3, "length");
  const auto *from = start.get_if<std::int64_t>(), *count = length.get_if<std::int64_t>();
  if (from && count) return range(aten, w, dim, *from, *from + *count == 0 ? Arg(INT64_MAX) : Arg(*from + *count));
  const auto size = [&](const Arg& arg) {
    const auto* ref = arg.get_if<Ref>();
    const auto* number = arg.get_if<std::int64_t>();
    return ref ? aten.type(*ref).size : number ? std::optional<Dim>(*number) : std::nullopt;
  };
  if (!size(start) || !size(length) || (from && *from < 0)) return std::nullopt;
  const Ref stop = aten("sym.add", {{"", start}, {"", length}},
                        {graph::ValueKind::integer, Dtype::int64, {}, *size(start) + *size(length)});
  return range(aten, w, dim, start, stop);
}

// Where the pieces are cut: split, chunk and tensor_split along `dim`, hsplit and its like along an axis of their own.
Inverse piece(AtenBuilder& aten, const Write& w) {
  const std::string_view name = std::string_view(w.view.op).substr(5);
  const std::size_t rank = aten.type(w.base).shape.size();
  std::int64_t dim = integer_parameter(w.view, 2, "dim", 0);
  if (name.starts_with("hsplit")) dim = rank == 1 ? 0 : 1;
  if (name.starts_with("vsplit")) dim = 0;
  if (name.starts_with("dsplit")) dim = 2;
  const std::size_t axis = axis_of(dim, rank);
  Dim start = 0;
  for (std::size_t i = 0; i < w.index; ++i) start = start + w.graph.type(w.view.results[i]).shape.at(axis);
  const auto from = start.constant(), count = aten.type(w.written).shape.at(axis).constant();
  const bool last = w.index + 1 == w.view.results.size();
  if (!from || (!count && !last)) return std::nullopt;
  return range(aten, w, dim, *from, last ? Arg(INT64_MAX) : Arg(*from + *count));
}

Inverse unbound(AtenBuilder& aten, const Write& w) {
  return aten("aten.select_scatter.default",
              {{"", w.base},
               {"", w.written},
               {"", integer_parameter(w.view, 1, "dim", 0)},
               {"", static_cast<std::int64_t>(w.index)}},
              aten.type(w.base));
}

Inverse as_complex(AtenBuilder& aten, const Write& w) {
  return aten("aten.view_as_complex.default", {{"", w.written}}, aten.type(w.base));
}
Inverse as_real(AtenBuilder& aten, const Write& w) {
  return aten("aten.view_as_real.default", {{"", w.written}}, aten.type(w.base));
}

}  // namespace torch2mlx::ops::inverse
