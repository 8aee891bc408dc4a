#include "ops/mlx.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "graph/constant.h"
#include "read/check.h"

namespace torch2mlx::ops {

using graph::Arg;
using graph::Type;
using graph::ValueKind;

std::optional<double> Scalar::constant() const {
  if (const auto* value = std::get_if<bool>(this)) return *value ? 1.0 : 0.0;
  if (const auto* value = std::get_if<std::int64_t>(this)) return static_cast<double>(*value);
  if (const auto* value = std::get_if<double>(this)) return *value;
  return std::nullopt;
}

Arg to_arg(const Size& value) {
  return std::visit([](auto v) -> Arg { return v; }, static_cast<const std::variant<std::int64_t, Ref>&>(value));
}
Arg to_arg(const Scalar& value) {
  return std::visit([](auto v) -> Arg { return v; },
                    static_cast<const std::variant<bool, std::int64_t, double, Ref>&>(value));
}
Arg to_arg(const Operand& value) { return value.value() ? to_arg(*value.value()) : to_arg(*value.scalar()); }

namespace {

bool reads_by_index(std::string_view op) { return op == "embedding" || op == "take" || op == "take_along_axis"; }

// Rows that a mask leaves out may hold what is no index, and MLX does not look.
Ref within(Mlx& mx, Ref indices, MaskedRows::Rows rows) {
  MaskedRows* following = std::exchange(mx.rows, nullptr);
  Sizes sizes(static_cast<std::size_t>(mx.rank({indices})), Size(1));
  sizes[static_cast<std::size_t>(rows.axis)] = Size(-1);
  const Value safe = mx("where", mx("reshape", Value{rows.mask}, sizes), Value{indices}, 0);
  mx.rows = following;
  mx.rows->mark(mx.graph(), safe.ref, rows);
  return safe.ref;
}

}  // namespace

std::vector<Ref> Mlx::append(std::string_view op, std::vector<Arg> args) {
  const Info* info = find(op);
  if (!info) throw Error(ErrorKind::unsupported, {}, fmt::format("'{}' is not an MLX op", op));
  if (const auto* indices = rows && reads_by_index(op) ? args[1].get_if<Ref>() : nullptr)
    if (const auto* picked = rows->find(*indices)) args[1] = within(*this, *indices, *picked);
  for (std::size_t i = 0; i < args.size(); ++i) {
    const Kind kind = info->parameters[i].kind;
    if (kind == Kind::integer || kind == Kind::optional_integer || kind == Kind::integers ||
        kind == Kind::optional_integers)
      graph::for_each_ref(args[i], [&](const Ref& ref) {
        if (graph_.type(ref).kind == ValueKind::tensor) refuse("a size that depends on data");
      });
    const auto* ref = args[i].get_if<Ref>();
    if ((kind == Kind::number || kind == Kind::optional_number) && ref && graph_.type(*ref).kind == ValueKind::tensor)
      args[i] = append("item", {*ref}).at(0);
  }
  const std::vector<Type> types = inference_.infer(graph_, op, args, declared);
  Node node;
  node.op = op;
  node.scope = scope;
  node.place = place;
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (args[i].is<std::monostate>()) continue;
    node.args.push_back(
        {i < info->operands ? std::string() : std::string(info->parameters[i].name), std::move(args[i])});
  }
  for (const Type& type : types) node.results.push_back(graph_.add_value(op, type));
  if (dataless && is_dataless(node)) {
    dataless->resize(graph_.values.size());
    for (const Ref ref : node.results) (*dataless)[ref.id] = true;
  }
  if (rows) rows->follow(graph_, node);
  nodes_.push_back(std::move(node));
  return nodes_.back().results;
}

bool Mlx::is_dataless(const Node& node) const {
  bool all = true;
  for (const graph::Argument& argument : node.args)
    graph::for_each_ref(argument.value, [&](const Ref& ref) {
      all &= graph_.type(ref).kind != ValueKind::tensor || !depends_on_data({ref});
    });
  return all;
}

Value Mlx::key() {
  if (!keys) refuse("draws random numbers where there is no key for them");
  return {keys->emplace_back(graph_.add_value("key", graph::key_type()))};
}

int Mlx::axis(Value x, std::int64_t axis) const {
  const int n = rank(x);
  // torch lets a 0-d tensor be addressed by axis 0 or -1.
  const std::int64_t bound = n == 0 ? 1 : n;
  if (axis < -bound || axis >= bound) refuse(fmt::format("axis {} is out of range for {} dimensions", axis, n));
  return static_cast<int>(axis < 0 ? axis + bound : axis);
}

Dtype Mlx::declared_dtype() const {
  if (declared.empty()) refuse("needs the type of its result, which the graph does not state");
  return declared[0].dtype;
}

Value Mlx::literal(std::string_view name, const std::vector<std::int64_t>& values,
                   const std::vector<std::int64_t>& shape) {
  return {graph::add_constant(graph_, name, values, shape)};
}

void Mlx::note(std::string text) {
  if (std::ranges::find(graph_.notes, text) == graph_.notes.end()) graph_.notes.push_back(std::move(text));
}

Size Mlx::dim(Value x, int axis) {
  axis = this->axis(x, axis);
  if (const auto size = shape(x).at(axis).constant()) return *size;
  return integer("shape", x, axis);
}

Sizes Mlx::dims(Value x) {
  Sizes sizes;
  for (int i = 0; i < rank(x); ++i) sizes.push_back(dim(x, i));
  return sizes;
}

Size Mlx::as_size(Ref ref) const {
  const Type& type = graph_.type(ref);
  if (type.size)
    if (const auto value = type.size->constant()) return *value;
  return ref;
}

Dim Mlx::dim_of(const Size& size) const {
  if (const auto value = size.constant()) return *value;
  const Type& type = graph_.type(std::get<Ref>(size));
  if (!type.size)
    refuse(fmt::format("the size '{}' is only known when the model runs", graph_[std::get<Ref>(size)].name));
  return *type.size;
}

Size Mlx::add(Size a, Size b) {
  if (a.constant() == 0) return b;
  if (b.constant() == 0) return a;
  if (a.constant() && b.constant()) return *a.constant() + *b.constant();
  return integer("int_add", a, b);
}
Size Mlx::sub(Size a, Size b) {
  if (b.constant() == 0) return a;
  if (a.constant() && b.constant()) return *a.constant() - *b.constant();
  return integer("int_sub", a, b);
}
Size Mlx::mul(Size a, Size b) {
  if (a.constant() == 1) return b;
  if (b.constant() == 1) return a;
  if (a.constant() && b.constant()) return *a.constant() * *b.constant();
  return integer("int_mul", a, b);
}
Size Mlx::floordiv(Size a, Size b) {
  if (b.constant() == 1) return a;
  return integer("int_floordiv", a, b);
}

}  // namespace torch2mlx::ops
