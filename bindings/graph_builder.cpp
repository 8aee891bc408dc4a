// The builder of MLX graphs for lowerings that are written in Python and registered.
#include <fmt/format.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>

#include "ops/lowering_table.h"
#include "ops/mlx.h"
#include "ops/table.h"
#include "values.h"

namespace torch2mlx::bindings {
namespace {

using nb::literals::operator""_a;
using graph::Arg;
using graph::List;
using graph::ValueKind;

[[noreturn]] void wrong(std::string message, std::string hint = {}) {
  throw Error(ErrorKind::input, {}, std::move(message), std::move(hint));
}

// One call of a lowering; over when `mlx` is null.
struct Session {
  ops::Mlx* mlx;
};

// An array or a size of the graph that is being built.
struct Value {
  std::shared_ptr<Session> session;
  graph::Ref ref;

  ops::Mlx& mlx() const {
    if (session->mlx) return *session->mlx;
    wrong("a value is used after the lowering has returned");
  }
  const graph::Type& type() const { return mlx().graph().type(ref); }
  bool is_array() const { return type().kind == ValueKind::tensor; }
};

struct Builder {
  std::shared_ptr<Session> session;
  ops::Mlx& mlx() const { return Value{session, {}}.mlx(); }
};

nb::object to_python(const std::shared_ptr<Session>& session, const Arg& arg) {
  if (const auto* value = arg.get_if<bool>()) return nb::cast(*value);
  if (const auto* value = arg.get_if<std::int64_t>()) return nb::cast(*value);
  if (const auto* value = arg.get_if<double>()) return nb::cast(*value);
  if (const auto* value = arg.get_if<std::string>()) return nb::cast(*value);
  if (const auto* value = arg.get_if<Dtype>()) return nb::cast(std::string(row(row(*value).as_mlx).mlx));
  if (const auto* list = arg.get_if<List>()) {
    nb::list items;
    for (const Arg& item : *list) items.append(to_python(session, item));
    return items;
  }
  const auto* ref = arg.get_if<graph::Ref>();
  if (!ref) return nb::none();
  const graph::Type& type = session->mlx->graph().type(*ref);
  const auto size = type.size ? type.size->constant() : std::nullopt;
  return size ? nb::cast(*size) : nb::cast(Value{session, *ref});
}

Arg from_python(const std::shared_ptr<Session>& session, nb::handle value) {
  if (value.is_none()) return {};
  if (nb::isinstance<nb::bool_>(value)) return nb::cast<bool>(value);
  if (nb::isinstance<nb::int_>(value)) return nb::cast<std::int64_t>(value);
  if (nb::isinstance<nb::float_>(value)) return nb::cast<double>(value);
  if (nb::isinstance<nb::str>(value)) return nb::cast<std::string>(value);
  if (Value own; nb::try_cast(value, own)) {
    if (own.session == session) return own.ref;
    wrong("a value of another call of the lowering is used");
  }
  if (nb::isinstance<nb::list>(value) || nb::isinstance<nb::tuple>(value)) {
    List list;
    for (const nb::handle item : nb::borrow<nb::sequence>(value)) list.push_back(from_python(session, item));
    return list;
  }
  wrong(fmt::format("a {} is nothing that a graph holds", nb::type_name(value.type()).c_str()));
}

// What mlx.core takes too: a dtype by its name, one axis for a list of them.
Arg as_kind(const Arg& arg, ops::Kind kind) {
  const bool integers = kind == ops::Kind::integers || kind == ops::Kind::optional_integers;
  if (integers && arg.is<std::int64_t>()) return List{arg};
  const auto* text = kind == ops::Kind::dtype ? arg.get_if<std::string>() : nullptr;
  if (!text) return arg;
  const auto known = dtype_from_mlx(text->substr(text->rfind('.') + 1));
  if (!known) wrong(fmt::format("'{}' is no dtype of MLX", printable(*text)));
  return *known;
}

// "softmax(a, axis)"
std::string signature(const ops::Info& op) {
  std::vector<std::string_view> names;
  for (const ops::Parameter& parameter : op.params()) names.push_back(parameter.name);
  return fmt::format("{}({})", op.name, fmt::join(names, ", "));
}

// Arguments by parameter, absent ones empty.
std::vector<Arg> arguments(const Builder& builder, const ops::Info& op, const nb::args& given,
                           const nb::kwargs& named) {
  const auto refuse = [&](std::string_view reason) { wrong(fmt::format("{}: {}", signature(op), reason)); };
  if (given.size() > op.count) refuse(fmt::format("{} arguments were given", given.size()));
  std::vector<Arg> args;
  for (const nb::handle value : given) args.push_back(from_python(builder.session, value));
  args.resize(op.count);
  for (const auto [key, value] : named) {
    const auto name = nb::cast<std::string>(key);
    const auto it = std::ranges::find(op.params(), name, &ops::Parameter::name);
    if (it == op.params().end()) refuse(fmt::format("there is no '{}'", printable(name)));
    Arg& arg = args[it - op.params().begin()];
    if (!arg.is<std::monostate>()) refuse(fmt::format("'{}' was given twice", name));
    arg = from_python(builder.session, value);
  }
  for (std::size_t i = 0; i < args.size(); ++i) {
    args[i] = as_kind(args[i], op.parameters[i].kind);
    if (args[i].is<std::monostate>() && !ops::optional(op.parameters[i].kind))
      refuse(fmt::format("'{}' is missing", op.parameters[i].name));
  }
  return args;
}

nb::object apply(const Builder& builder, const std::string& name, const nb::args& given, const nb::kwargs& named) {
  ops::Mlx& mlx = builder.mlx();
  const ops::Info* op = ops::find(name);
  if (!op) wrong(fmt::format("'{}' is no op of the table", printable(name)), "docs/support.md lists them");
  List results;
  for (const graph::Ref ref : mlx.append(op->name, arguments(builder, *op, given, named))) results.emplace_back(ref);
  return to_python(builder.session, op->several ? Arg(results) : results.at(0));
}

ops::Value array(const Builder& builder, const Value& value) {
  if (value.session != builder.session || !value.is_array()) wrong("needs an array of this call");
  return {value.ref};
}

ops::Size size(const std::shared_ptr<Session>& session, nb::handle value) {
  const Arg arg = from_python(session, value);
  if (const auto* integer = arg.get_if<std::int64_t>()) return *integer;
  if (const auto* ref = arg.get_if<graph::Ref>()) return *ref;
  wrong("sizes are computed with sizes and integers");
}

// x * y of arrays, n * 2 of sizes.
struct Arithmetic {
  const char *forward, *reverse, *op;
  ops::Size (ops::Mlx::*sizes)(ops::Size, ops::Size);
};
constexpr Arithmetic arithmetic[] = {
    {"__add__", "__radd__", "add", &ops::Mlx::add},
    {"__sub__", "__rsub__", "subtract", &ops::Mlx::sub},
    {"__mul__", "__rmul__", "multiply", &ops::Mlx::mul},
    {"__floordiv__", "__rfloordiv__", "floor_divide", &ops::Mlx::floordiv},
    {"__truediv__", "__rtruediv__", "divide", nullptr},
};

nb::object compute(const Arithmetic& row, const Value& self, nb::handle other, bool reversed) {
  ops::Mlx& mlx = self.mlx();
  const auto& session = self.session;
  Value theirs;
  if (self.is_array() || (nb::try_cast(other, theirs) && theirs.is_array())) {
    Arg a = self.ref, b = from_python(session, other);
    if (reversed) std::swap(a, b);
    return nb::cast(Value{session, mlx.append(row.op, {a, b}).at(0)});
  }
  if (!row.sizes) wrong("sizes are divided by //");
  ops::Size a = self.ref, b = size(session, other);
  if (reversed) std::swap(a, b);
  return to_python(session, to_arg((mlx.*row.sizes)(a, b)));
}

nb::tuple shape(const Value& value) {
  if (!value.is_array()) wrong("a size has no shape");
  nb::list sizes;
  for (const ops::Size& size : value.mlx().dims({value.ref})) sizes.append(to_python(value.session, to_arg(size)));
  return nb::tuple(sizes);
}

std::vector<Arg> results_of(const std::shared_ptr<Session>& session, const nb::object& returned) {
  const Arg result = from_python(session, returned);
  if (const auto* list = result.get_if<List>()) return *list;
  return result.is<std::monostate>() ? std::vector<Arg>() : std::vector{result};
}

// A reason to refuse that Python raised: ours keeps its words.
Error refusal(const nb::python_error& error) {
  const auto text = [&](const char* name) { return nb::cast<std::string>(nb::str(error.value().attr(name))); };
  return {ErrorKind::unsupported, {}, text("message"), text("hint")};
}

std::vector<Arg> call(const nb::callable& lowering, ops::Mlx& mlx, const std::vector<Arg>& args) {
  const nb::gil_scoped_acquire held;
  const auto session = std::make_shared<Session>(&mlx);
  const std::unique_ptr<Session, void (*)(Session*)> over(session.get(), [](Session* it) { it->mlx = nullptr; });
  nb::list given;
  for (const Arg& arg : args) given.append(to_python(session, arg));
  try {
    return results_of(session, lowering(Builder{session}, *given));
  } catch (const nb::python_error& error) {
    if (!error.matches(nb::module_::import_("torch2mlx.errors").attr("Torch2MLXError"))) throw;
    throw refusal(error);
  }
}

}  // namespace

void register_builder(nb::module_& m) {
  auto value = nb::class_<Value>(m, "Value", "An array or a size of the graph that a lowering builds.");
  value.def_prop_ro("shape", &shape, "Sizes of an array: integers where they are known, values where they vary.")
      .def_prop_ro(
          "dtype", [](const Value& self) { return std::string(row(self.type().dtype).mlx); }, "MLX's name of it.");
  for (const Arithmetic& row : arithmetic) {
    value.def(row.forward, [&row](const Value& self, nb::handle other) { return compute(row, self, other, false); });
    value.def(row.reverse, [&row](const Value& self, nb::handle other) { return compute(row, self, other, true); });
  }
  nb::class_<Builder>(m, "Builder", "Appends nodes to an MLX graph: mx(\"softmax\", x, axis=-1).")
      .def("__call__", &apply, "op"_a, "args"_a, "kwargs"_a, "An op of the table of MLX ops, by name.")
      .def(
          "axis",
          [](const Builder& self, const Value& x, std::int64_t axis) { return self.mlx().axis(array(self, x), axis); },
          "x"_a, "axis"_a, "Made non-negative; one out of range is refused.")
      .def(
          "refuse", [](const Builder& self, std::string reason) { self.mlx().refuse(std::move(reason)); }, "reason"_a,
          "Raises UnsupportedError: this call has no exact form.")
      .def(
          "note", [](const Builder& self, std::string text) { self.mlx().note(std::move(text)); }, "text"_a,
          "A remark for the report.");
  m.def(
      "register_lowering",
      [](const std::string& schema, const nb::callable& lowering, bool replace) {
        ops::register_lowering(
            schema, [=](ops::Mlx& mlx, const std::vector<Arg>& args) { return call(lowering, mlx, args); }, replace);
      },
      "schema"_a, "lowering"_a, "replace"_a = false, "Adds a row to the table of lowerings.");
}

}  // namespace torch2mlx::bindings
