#include "ops/aliases.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "ops/strides.h"

namespace torch2mlx::ops {

using graph::Arg;
using graph::Argument;
using graph::Dim;
using graph::Graph;
using graph::List;
using graph::Node;
using graph::Ref;
using graph::Type;

Ref AtenBuilder::operator()(std::string_view op, std::vector<Argument> args, Type type) {
  const std::string_view name = op.substr(op.find('.') + 1);
  const Ref result = graph_.add_value(name.substr(0, name.find('.')), std::move(type));
  graph_.nodes.push_back({std::string(op), std::move(args), {result}, scope_, place_});
  return result;
}

List AtenBuilder::sizes(Ref of) {
  const graph::Shape shape = type(of).shape;
  const auto open = std::ranges::count_if(shape, [](const Dim& dim) { return !dim.constant(); });
  const bool empty = std::ranges::find(shape, Dim(0)) != shape.end();
  List sizes;
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (const auto size = shape[i].constant())
      sizes.emplace_back(*size);
    else if (open == 1 && !empty)
      sizes.emplace_back(-1);
    else
      sizes.emplace_back((*this)("aten.sym_size.int", {{"", of}, {"", static_cast<int>(i)}},
                                 {graph::ValueKind::integer, Dtype::int64, {}, shape[i]}));
  return sizes;
}

const Arg* parameter(const Node& node, std::size_t position, std::string_view name) {
  if (position < node.args.size() && node.args[position].name.empty()) return &node.args[position].value;
  return node.find(name);
}

std::int64_t integer_parameter(const Node& node, std::size_t position, std::string_view name, std::int64_t otherwise) {
  const Arg* arg = parameter(node, position, name);
  const auto* value = arg ? arg->get_if<std::int64_t>() : nullptr;
  return value ? *value : otherwise;
}

std::optional<Ref> viewed(const Node& node, std::size_t index) {
  const std::size_t first = node.op == "aten.einsum.default" ? 1 : 0;
  if (node.args.size() <= first) return std::nullopt;
  const Arg& arg = node.args[first].value;
  const auto* list = arg.get_if<List>();
  if (list && index >= list->size()) return std::nullopt;
  const auto* ref = (list ? (*list)[index] : arg).get_if<Ref>();
  return ref ? std::optional(*ref) : std::nullopt;
}

namespace {

using Inverse = std::optional<Ref>;

Inverse same(AtenBuilder&, const Write& w) { return w.written; }

Inverse if_same_shape(AtenBuilder& aten, const Write& w) {
  return aten.type(w.base).shape == aten.type(w.written).shape ? Inverse(w.written) : std::nullopt;
}

Inverse reshaped(AtenBuilder& aten, const Write& w) {
  if (aten.type(w.base).shape == aten.type(w.written).shape) return w.written;
  return aten("aten.view.default", {{"", w.written}, {"", aten.sizes(w.base)}}, aten.type(w.base));
}

Inverse squeezed(AtenBuilder& aten, const Write& w) {
  return aten("aten.squeeze.dim", {{"", w.written}, {"", *parameter(w.view, 1, "dim")}}, aten.type(w.base));
}

std::size_t axis_of(std::int64_t axis, std::size_t rank) {
  return static_cast<std::size_t>(axis < 0 ? axis + static_cast<std::int64_t>(rank) : axis);
}

using Order = std::vector<std::size_t>;

Order swapped(std::size_t rank, std::int64_t a, std::int64_t b) {
  Order order(rank);
  std::iota(order.begin(), order.end(), 0);
  if (rank > 0) std::swap(order[axis_of(a, rank)], order[axis_of(b, rank)]);
  return order;
}

std::vector<std::int64_t> integers(const Arg* arg) {
  std::vector<std::int64_t> all;
  if (const auto* one = arg ? arg->get_if<std::int64_t>() : nullptr) all.push_back(*one);
  if (const auto* list = arg ? arg->get_if<List>() : nullptr)
    for (const Arg& item : *list)
      if (const auto* value = item.get_if<std::int64_t>()) all.push_back(*value);
  return all;
}

// Axes of the base in the order in which the view has them.
Order moved(const Node& node, std::size_t rank) {
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
    while (taken(next)) ++next;
    axis = next++;
  }
  return order;
}

Order order_of(const Node& node, std::size_t rank) {
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
Inverse scattered(AtenBuilder& aten, const Write& w, std::string_view op) {
  std::vector<Argument> args{{"", w.base}, {"", w.written}};
  args.insert(args.end(), w.view.args.begin() + 1, w.view.args.end());
  return aten(op, std::move(args), aten.type(w.base));
}
Inverse sliced(AtenBuilder& aten, const Write& w) { return scattered(aten, w, "aten.slice_scatter.default"); }
Inverse selected(AtenBuilder& aten, const Write& w) { return scattered(aten, w, "aten.select_scatter.default"); }
Inverse diagonal(AtenBuilder& aten, const Write& w) { return scattered(aten, w, "aten.diagonal_scatter.default"); }

Inverse range(AtenBuilder& aten, const Write& w, std::int64_t dim, Arg start, Arg stop) {
  return aten("aten.slice_scatter.default",
              {{"", w.base}, {"", w.written}, {"", dim}, {"", std::move(start)}, {"", std::move(stop)}},
              aten.type(w.base));
}

Inverse narrowed(AtenBuilder& aten, const Write& w) {
  const std::int64_t dim = integer_parameter(w.view, 1, "dim", 0);
  const Arg start = *parameter(w.view, 2, "start"), length = *parameter(w.view, 3, "length");
  const auto *from = start.get_if<std::int64_t>(), *count = length.get_if<std::int64_t>();
  if (from && count) return range(aten, w, dim, *from, *from + *count == 0 ? Arg(INT64_MAX) : Arg(*from + *count));
  const auto size = [&](const Arg& arg) {
    const auto* ref = arg.get_if<Ref>();
    return ref ? aten.type(*ref).size : std::optional<Dim>(arg.as<std::int64_t>());
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
  for (std::size_t i = 0; i < w.index; ++i) start = start + w.graph.type(w.view.results[i]).shape[axis];
  const auto from = start.constant(), count = aten.type(w.written).shape[axis].constant();
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

// What gives its operand back where there is nothing to do.
Sharing in_eval(const Graph&, const Node& node) {
  const Arg* train = parameter(node, 2, "train");
  const Arg* p = parameter(node, 1, "p");
  return train && *train == Arg(true) && !(p && *p == Arg(0.0)) ? Sharing::never : Sharing::always;
}
Sharing of_one_tensor(const Graph&, const Node& node) {
  const auto* list = node.args.size() > 1 ? node.args[1].value.get_if<List>() : nullptr;
  return list && list->size() > 1 ? Sharing::never : Sharing::perhaps;
}
Sharing without_indices(const Graph&, const Node& node) {
  const auto* list = node.args.size() > 1 ? node.args[1].value.get_if<List>() : nullptr;
  const bool any = list && std::ranges::any_of(*list, [](const Arg& item) { return item.is<Ref>(); });
  return any ? Sharing::never : Sharing::perhaps;
}
Sharing perhaps(const Graph&, const Node&) { return Sharing::perhaps; }

constexpr Alias table[] = {
    {"aten.alias.default", same, nullptr},
    {"aten.detach.default", same, nullptr},
    {"aten.requires_grad.default", same, nullptr},
    {"aten.lift.default", same, nullptr},
    {"aten.lift_fresh.default", same, nullptr},
    {"aten.positive.default", same, nullptr},
    {"aten.resolve_conj.default", same_real, nullptr},
    {"aten.resolve_neg.default", same_real, nullptr},
    {"aten.conj.default", same_real, nullptr},
    {"aten.real.default", same_real, nullptr},
    {"aten.dropout.default", same, in_eval},
    {"aten.feature_dropout.default", same, in_eval},
    {"aten.alpha_dropout.default", same, in_eval},
    {"aten.feature_alpha_dropout.default", same, in_eval},
    {"aten.native_dropout.default", nullptr, perhaps},
    {"aten.contiguous.default", same, conversion_sharing},
    {"aten.to.device", same, conversion_sharing},
    {"aten.to.dtype", same, conversion_sharing},
    {"aten.to.dtype_layout", same, conversion_sharing},
    {"aten.to.other", same, conversion_sharing},
    {"aten.type_as.default", same, conversion_sharing},
    {"aten.view.default", reshaped, nullptr},
    {"aten._unsafe_view.default", reshaped, nullptr},
    {"aten.view_as.default", reshaped, nullptr},
    {"aten.unflatten.int", reshaped, nullptr},
    {"aten.squeeze.default", reshaped, nullptr},
    {"aten.squeeze.dim", reshaped, nullptr},
    {"aten.squeeze.dims", reshaped, nullptr},
    {"aten.unsqueeze.default", squeezed, nullptr},
    {"aten.atleast_1d.default", reshaped, nullptr},
    {"aten.atleast_2d.default", reshaped, nullptr},
    {"aten.atleast_3d.default", reshaped, nullptr},
    {"aten.atleast_1d.Sequence", reshaped, nullptr},
    {"aten.atleast_2d.Sequence", reshaped, nullptr},
    {"aten.atleast_3d.Sequence", reshaped, nullptr},
    {"aten.reshape.default", reshaped, reshape_sharing},
    {"aten.reshape_as.default", reshaped, reshape_sharing},
    {"aten.flatten.using_ints", reshaped, reshape_sharing},
    {"aten.ravel.default", reshaped, reshape_sharing},
    {"aten.permute.default", permuted, nullptr},
    {"aten.transpose.int", permuted, nullptr},
    {"aten.swapaxes.default", permuted, nullptr},
    {"aten.swapdims.default", permuted, nullptr},
    {"aten.t.default", permuted, nullptr},
    {"aten.numpy_T.default", permuted, nullptr},
    {"aten.mT.default", permuted, nullptr},
    {"aten.mH.default", permuted_real, nullptr},
    {"aten.matrix_H.default", permuted_real, nullptr},
    {"aten.adjoint.default", permuted_real, nullptr},
    {"aten.movedim.int", permuted, nullptr},
    {"aten.movedim.intlist", permuted, nullptr},
    {"aten.moveaxis.int", permuted, nullptr},
    {"aten.moveaxis.intlist", permuted, nullptr},
    {"aten.slice.Tensor", sliced, nullptr},
    {"aten.narrow.default", narrowed, nullptr},
    {"aten.select.int", selected, nullptr},
    {"aten.diagonal.default", diagonal, nullptr},
    {"aten.chunk.default", piece, nullptr},
    {"aten.unsafe_chunk.default", piece, nullptr},
    {"aten.split.Tensor", piece, nullptr},
    {"aten.split.sizes", piece, nullptr},
    {"aten.unsafe_split.Tensor", piece, nullptr},
    {"aten.split_with_sizes.default", piece, nullptr},
    {"aten.unsafe_split_with_sizes.default", piece, nullptr},
    {"aten.tensor_split.sections", piece, nullptr},
    {"aten.tensor_split.indices", piece, nullptr},
    {"aten.hsplit.int", piece, nullptr},
    {"aten.hsplit.array", piece, nullptr},
    {"aten.vsplit.int", piece, nullptr},
    {"aten.vsplit.array", piece, nullptr},
    {"aten.dsplit.int", piece, nullptr},
    {"aten.dsplit.array", piece, nullptr},
    {"aten.unbind.int", unbound, nullptr},
    {"aten.view_as_real.default", as_complex, nullptr},
    {"aten.view_as_complex.default", as_real, nullptr},
    // Elements that several indices reach are not written to, unless there is one index each.
    {"aten.expand.default", if_same_shape, nullptr},
    {"aten.expand_as.default", if_same_shape, nullptr},
    {"aten.broadcast_to.default", if_same_shape, nullptr},
    {"aten.broadcast_tensors.default", if_same_shape, nullptr},
    {"aten.meshgrid.default", nullptr, nullptr},
    {"aten.meshgrid.indexing", nullptr, nullptr},
    {"aten.cartesian_prod.default", nullptr, perhaps},
    {"aten.as_strided.default", nullptr, nullptr},
    {"aten._reshape_alias.default", nullptr, nullptr},
    {"aten.unfold.default", nullptr, nullptr},
    {"aten.view.dtype", nullptr, nullptr},
    {"aten.imag.default", nullptr, nullptr},
    {"aten._conj.default", nullptr, nullptr},
    {"aten._neg_view.default", nullptr, nullptr},
    {"aten.linalg_diagonal.default", nullptr, nullptr},
    {"aten.narrow.Tensor", nullptr, nullptr},
    {"aten.tensor_split.tensor_indices_or_sections", nullptr, nullptr},
    {"aten.einsum.default", nullptr, of_one_tensor},
    {"aten.index.Tensor", nullptr, without_indices},
};

}  // namespace

const Alias* find_alias(std::string_view op) {
  static const auto by_op = [] {
    std::map<std::string_view, const Alias*> rows;
    for (const Alias& alias : table) rows.emplace(alias.op, &alias);
    return rows;
  }();
  const auto it = by_op.find(op);
  return it == by_op.end() ? nullptr : it->second;
}

std::vector<std::string_view> alias_names() {
  std::vector<std::string_view> names;
  for (const Alias& alias : table) names.push_back(alias.op);
  return names;
}

}  // namespace torch2mlx::ops
