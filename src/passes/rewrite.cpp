#include "passes/rewrite.h"

#include <algorithm>

#include "base/error.h"
#include "layers/layers.h"
#include "ops/table.h"

namespace torch2mlx::passes {

Rewriter::Rewriter(Graph& graph)
    : graph_(graph), definitions_(graph.values.size()), replacements_(graph.values.size()) {}

const ops::Inference& Rewriter::inference() {
  if (!inference_) inference_.emplace(graph_.symbols);
  return *inference_;
}

const Node* Rewriter::definition(const Arg& arg) const {
  const auto* ref = arg.get_if<Ref>();
  return ref && ref->id < definitions_.size() ? definitions_[ref->id] : nullptr;
}

const Node* Rewriter::definition(const Arg& arg, std::string_view op) const {
  const Node* node = definition(arg);
  return node && node->op == op ? node : nullptr;
}

void Rewriter::substitute(Arg& arg) const {
  if (const auto* ref = arg.get_if<Ref>()) {
    if (ref->id < replacements_.size() && replacements_[ref->id]) arg = Arg(*replacements_[ref->id]);
  } else if (auto* list = std::get_if<List>(&static_cast<Arg::variant&>(arg))) {
    for (Arg& item : *list) substitute(item);
  }
}

Arg Rewriter::resolve(const Arg& arg) const {
  Arg result = arg;
  substitute(result);
  return result;
}

void Rewriter::replace(Ref from, Arg to) {
  if (from.id >= replacements_.size()) replacements_.resize(from.id + 1);
  replacements_[from.id] = std::move(to);
}

void Rewriter::begin(Node& node) {
  for (Argument& argument : node.args) substitute(argument.value);
  current_ = &node;
}

void Rewriter::keep(Node&& node) {
  nodes_.push_back(std::move(node));
  const Node& kept = nodes_.back();
  for (const Ref ref : kept.results) {
    if (ref.id >= definitions_.size()) definitions_.resize(graph_.values.size());
    definitions_[ref.id] = &kept;
    const Type& type = graph_.type(ref);
    if (type.kind == ValueKind::integer && type.size) sizes_[*type.size].push_back(ref);
  }
}

void Rewriter::end(Node&& node, Replacement replacement) {
  current_ = nullptr;
  if (!replacement) return keep(std::move(node));
  for (std::size_t i = 0; i < node.results.size(); ++i) replace(node.results[i], std::move((*replacement)[i]));
}

void Rewriter::end(Node&& node, std::optional<Arg> replacement) {
  if (!replacement) return end(std::move(node), Replacement());
  end(std::move(node), Replacement(std::vector<Arg>{*std::move(replacement)}));
}

void Rewriter::finish() {
  graph_.nodes.assign(std::make_move_iterator(nodes_.begin()), std::make_move_iterator(nodes_.end()));
  for (graph::Output& output : graph_.outputs) substitute(output.value);
}

Ref Rewriter::emit(std::string_view op, std::vector<Argument> args) {
  const ops::Info* info = ops::find(op);
  if (!info) throw Error(ErrorKind::unsupported, {}, "'" + std::string(op) + "' is not an MLX op");
  std::vector<Arg> slots(info->count);
  for (std::size_t i = 0; i < args.size(); ++i) {
    const auto params = info->params();
    const auto named = std::ranges::find(params, args[i].name, &ops::Parameter::name);
    const std::size_t slot = args[i].name.empty() ? i : static_cast<std::size_t>(named - params.begin());
    slots.at(slot) = args[i].value;
  }
  return emit(op, std::move(args), inference().infer(graph_, op, slots).at(0));
}

Ref Rewriter::emit(std::string_view op, std::vector<Argument> args, Type type) {
  Node node;
  node.op = op;
  node.args = std::move(args);
  node.results = {graph_.add_value(op, std::move(type))};
  node.scope = current_->scope;
  node.place = current_->place;
  const Ref result = node.results[0];
  keep(std::move(node));
  return result;
}

bool Rewriter::visible(std::uint32_t scope) const { return encloses(graph_, scope, current_->scope); }

std::optional<Arg> Rewriter::size(Dim dim) {
  if (const auto value = dim.constant()) return Arg(*value);
  if (const auto known = sizes_.find(dim); known != sizes_.end())
    for (const Ref ref : known->second)
      if (visible(definition(ref)->scope)) return Arg(ref);
  std::optional<Arg> found;
  const auto look = [&](Ref ref) {
    if (found || (!definition(ref) && !graph_.input(ref))) return;  // what the rule took away has no node
    const Shape& shape = graph_.type(ref).shape;
    const auto it = std::ranges::find(shape, dim);
    if (it == shape.end()) return;
    found = emit("shape", {{"", ref}, {"axis", static_cast<int>(it - shape.begin())}},
                 Type{ValueKind::integer, Dtype::int64, {}, dim});
  };
  for (const Argument& argument : current_->args) graph::for_each_ref(argument.value, look);
  for (const graph::Input& input : graph_.inputs)
    if (input.kind == graph::InputKind::user) look(input.value);
  return found;
}

std::optional<Arg> Rewriter::sizes(Shape shape) {
  List list;
  for (const Dim& dim : shape) {
    auto one = size(dim);
    if (!one) return std::nullopt;
    list.push_back(*std::move(one));
  }
  return Arg(std::move(list));
}

std::vector<int> count_uses(const Graph& graph) {
  std::vector<int> uses(graph.values.size());
  const auto count = [&](const Ref& ref) { ++uses[ref.id]; };
  for (const Node& node : graph.nodes)
    for (const Argument& argument : node.args) graph::for_each_ref(argument.value, count);
  for (const graph::Output& output : graph.outputs) graph::for_each_ref(output.value, count);
  return uses;
}

bool encloses(const Graph& graph, std::uint32_t ancestor, std::uint32_t scope) {
  while (scope != ancestor && scope != 0) scope = graph.scopes[scope].parent;
  return scope == ancestor;
}

std::optional<std::int64_t> integer(const Arg* arg) {
  const auto* value = arg ? arg->get_if<std::int64_t>() : nullptr;
  return value ? std::optional(*value) : std::nullopt;
}

std::optional<double> number(const Arg* arg) {
  if (!arg) return std::nullopt;
  if (const auto* value = arg->get_if<double>()) return *value;
  if (const auto* value = arg->get_if<bool>()) return *value ? 1.0 : 0.0;
  if (const auto value = integer(arg)) return static_cast<double>(*value);
  return std::nullopt;
}

std::optional<std::vector<int>> integers(const Arg* arg) {
  if (const auto value = integer(arg)) return std::vector<int>{static_cast<int>(*value)};
  const auto* list = arg ? arg->get_if<List>() : nullptr;
  if (!list) return std::nullopt;
  std::vector<int> values;
  for (const Arg& item : *list) {
    const auto value = integer(&item);
    if (!value) return std::nullopt;
    values.push_back(static_cast<int>(*value));
  }
  return values;
}

std::optional<int> axis_of(const Node& node, int rank) {
  const auto axis = integer(node.find("axis"));
  if (!axis || *axis < -rank || *axis >= rank) return std::nullopt;
  return static_cast<int>(*axis < 0 ? *axis + rank : *axis);
}

bool has_tensor(const Graph& graph, const Arg& arg) {
  const auto* ref = arg.get_if<Ref>();
  return ref && graph.type(*ref).kind == ValueKind::tensor;
}

List to_list(const std::vector<int>& values) { return List(values.begin(), values.end()); }

std::vector<int> inverse(const std::vector<int>& axes) { return layers::inverse(axes); }

bool is_identity(const std::vector<int>& axes) {
  for (std::size_t i = 0; i < axes.size(); ++i)
    if (axes[i] != static_cast<int>(i)) return false;
  return true;
}

bool is_fixed(const Graph& graph, const graph::Input& input) {
  using enum graph::InputKind;
  return (input.kind == constant || (input.kind == buffer && !input.persistent)) && !graph.replacement(input);
}

const torch2mlx::Tensor* fixed_data(const Graph& graph, const graph::Input& input) {
  if (!is_fixed(graph, input)) return nullptr;
  const auto data = graph.constants.find(input.target);
  const bool readable = data != graph.constants.end() && data->second.storage && !data->second.storage->big_endian;
  return readable ? &data->second : nullptr;
}

std::int64_t maximum(const Graph& graph, const Dim& dim) {
  if (const auto value = dim.constant()) return *value;
  const auto symbol = dim.as_symbol();
  const auto found = symbol ? std::ranges::find(graph.symbols, *symbol, &graph::Symbol::name) : graph.symbols.end();
  return found == graph.symbols.end() ? INT64_MAX : found->max;
}

}  // namespace torch2mlx::passes
