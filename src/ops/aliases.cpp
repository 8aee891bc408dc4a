#include "ops/aliases.h"

#include <algorithm>
#include <map>

#include "base/error.h"
#include "ops/inverses.h"
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

const Arg& required(const Node& node, std::size_t position, std::string_view name) {
  if (const Arg* arg = parameter(node, position, name)) return *arg;
  throw Error(ErrorKind::unsupported, {}, "needs '" + std::string(name) + "'");
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

using namespace inverse;  // the table reads better

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
Sharing of_reals(const Graph& graph, const Node& node) {
  return row(graph.type(node.operand(0)).dtype).kind == DtypeKind::complex ? Sharing::never : Sharing::always;
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
    {"aten.conj_physical.default", same_real, of_reals},
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
