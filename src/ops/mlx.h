// The builder of MLX graphs: mx("softmax", x, axis) appends a node, checked against table 1 while compiling.
#pragma once

#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/error.h"
#include "graph/graph.h"
#include "ops/families.h"
#include "ops/infer.h"
#include "ops/masked_rows.h"

namespace torch2mlx::ops {

using graph::Dim;
using graph::Graph;
using graph::Node;
using graph::Ref;
using graph::Shape;

// An array of the graph.
struct Value {
  Ref ref;
};
using OptValue = std::optional<Value>;

// A size: a number, or an integer value of the graph.
struct Size : std::variant<std::int64_t, Ref> {
  using variant::variant;
  Size(int value) : variant(std::int64_t{value}) {}  // NOLINT(google-explicit-constructor)
  std::optional<std::int64_t> constant() const {
    const auto* value = std::get_if<std::int64_t>(this);
    return value ? std::optional(*value) : std::nullopt;
  }
};
using Sizes = std::vector<Size>;

// A Python number, or an integer value of the graph.
struct Scalar : std::variant<bool, std::int64_t, double, Ref> {
  using variant::variant;
  bool is_floating() const { return std::holds_alternative<double>(*this); }
  std::optional<double> constant() const;  // nullopt for a value of the graph
};

// What a Tensor parameter of an elementwise op accepts: an array or a number.
struct Operand : std::variant<Value, Scalar> {
  using variant::variant;
  const Value* value() const { return std::get_if<Value>(this); }
  const Scalar* scalar() const { return std::get_if<Scalar>(this); }
};

// C++ argument -> graph argument.
inline graph::Arg to_arg(const Value& value) { return value.ref; }
inline graph::Arg to_arg(Ref ref) { return ref; }
inline graph::Arg to_arg(std::nullopt_t) { return {}; }
inline graph::Arg to_arg(bool value) { return value; }
inline graph::Arg to_arg(int value) { return value; }
inline graph::Arg to_arg(std::int64_t value) { return value; }
inline graph::Arg to_arg(double value) { return value; }
inline graph::Arg to_arg(const char* value) { return value; }
inline graph::Arg to_arg(const std::string& value) { return value; }
inline graph::Arg to_arg(Dtype value) { return value; }
inline graph::Arg to_arg(const graph::Arg& value) { return value; }
inline graph::Arg to_arg(const graph::List& value) { return value; }
graph::Arg to_arg(const Size& value);
graph::Arg to_arg(const Scalar& value);
graph::Arg to_arg(const Operand& value);
template <class T>
graph::Arg to_arg(const std::vector<T>& values);
template <class T>
graph::Arg to_arg(const std::optional<T>& value) {
  return value ? to_arg(*value) : graph::Arg();
}
template <class T>
graph::Arg to_arg(const std::vector<T>& values) {
  graph::List list;
  for (const auto& value : values) list.push_back(to_arg(value));
  return list;
}

namespace detail {

template <class T, class... U>
inline constexpr bool one_of = (std::same_as<T, U> || ...);

// May a C++ argument of type T be given for a parameter of this kind? graph::Arg is checked when it runs.
template <class T>
consteval bool fits(Kind kind) {
  using std::vector, std::optional;
  if (std::same_as<T, graph::Arg>) return true;
  constexpr bool none = std::same_as<T, std::nullopt_t>;
  constexpr bool array = one_of<T, Value, Ref>;
  constexpr bool number = one_of<T, int, std::int64_t, double, bool, Scalar, Operand>;
  constexpr bool integer = one_of<T, int, std::int64_t, Size, Ref>;
  constexpr bool integers = one_of<T, Sizes, vector<int>, vector<std::int64_t>>;
  switch (kind) {
    case Kind::array:
      return array || number || std::same_as<T, Size>;
    case Kind::arrays:
      return std::same_as<T, vector<Value>>;
    case Kind::optional_array:
      return array || none || std::same_as<T, OptValue>;
    case Kind::integer:
      return integer;
    case Kind::optional_integer:
      return integer || none || one_of<T, optional<int>, optional<std::int64_t>, optional<Size>>;
    case Kind::integers:
      return integers;
    case Kind::optional_integers:
      return integers || none || one_of<T, optional<vector<int>>, optional<vector<std::int64_t>>>;
    case Kind::number:
      return one_of<T, int, std::int64_t, double, Scalar>;
    case Kind::boolean:
      return std::same_as<T, bool>;
    case Kind::text:
      return one_of<T, const char*, char*, std::string>;
    case Kind::dtype:
      return std::same_as<T, Dtype>;
    case Kind::optional_number:
      return none || one_of<T, int, std::int64_t, double, Scalar, optional<double>, optional<Scalar>>;
    case Kind::optional_boolean:
      return none || one_of<T, bool, optional<bool>>;
    case Kind::optional_text:
      return none || one_of<T, const char*, char*, std::string, optional<std::string>>;
    case Kind::items:
      return integers || std::same_as<T, graph::List>;
  }
  return false;
}

enum class Gives { array, several, integer, number };

// The name of an op, checked with the types of its arguments when the call is compiled.
template <Gives gives, class... Args>
struct OpName {
  std::string_view name;
  template <std::size_t N>
  consteval OpName(const char (&text)[N]) : name(text, N - 1) {  // NOLINT(google-explicit-constructor)
    const Info& info = info_of(name);
    if ((gives == Gives::several) != info.several || (gives == Gives::integer) != info.integer ||
        (gives == Gives::number) != (info.floating || info.boolean))
      throw "this op gives another kind of result: use mx(), mx.several(), mx.integer() or mx.number()";
    if (sizeof...(Args) > info.count) throw "too many arguments for this op";
    std::size_t i = 0;
    if (!(fits<std::decay_t<Args>>(info.parameters[i++].kind) && ...))
      throw "an argument has the wrong kind for this op";
    for (; i < info.count; ++i)
      if (!optional(info.parameters[i].kind)) throw "too few arguments for this op";
  }
};

}  // namespace detail

class Mlx {
 public:
  // Appends to `nodes`; new nodes get `scope` and `place`. `inference` types results and must outlive the builder.
  Mlx(Graph& graph, std::vector<Node>& nodes, const Inference& inference)
      : graph_(graph), nodes_(nodes), inference_(inference) {}

  template <class... Args>
  Value operator()(detail::OpName<detail::Gives::array, std::type_identity_t<Args>...> op, const Args&... args) {
    return {append(op.name, {to_arg(args)...}).at(0)};
  }
  template <class... Args>
  std::vector<Value> several(detail::OpName<detail::Gives::several, std::type_identity_t<Args>...> op,
                             const Args&... args) {
    std::vector<Value> values;
    for (const Ref ref : append(op.name, {to_arg(args)...})) values.push_back({ref});
    return values;
  }
  template <class... Args>
  Size integer(detail::OpName<detail::Gives::integer, std::type_identity_t<Args>...> op, const Args&... args) {
    return as_size(append(op.name, {to_arg(args)...}).at(0));
  }
  template <class... Args>
  Scalar number(detail::OpName<detail::Gives::number, std::type_identity_t<Args>...> op, const Args&... args) {
    return append(op.name, {to_arg(args)...}).at(0);
  }
  // For families of lowerings that differ in the op alone; the name is checked when it runs.
  template <class... Args>
  Value unchecked(std::string_view op, const Args&... args) {
    return {append(op, {to_arg(args)...}).at(0)};
  }
  // For ops known only when running (passes, text): `args` in parameter order, absent ones as empty Arg.
  std::vector<Ref> append(std::string_view op, std::vector<graph::Arg> args);

  // Size of an axis (negative counts from the end): a number, or x.shape[i].
  Size dim(Value x, int axis);
  Sizes dims(Value x);
  Size add(Size a, Size b);
  Size sub(Size a, Size b);
  Size mul(Size a, Size b);
  Size floordiv(Size a, Size b);
  Dim dim_of(const Size& size) const;  // as an expression

  const graph::Type& type(Value x) const { return graph_.type(x.ref); }
  const Shape& shape(Value x) const { return type(x).shape; }
  Dtype dtype(Value x) const { return type(x).dtype; }
  int rank(Value x) const { return static_cast<int>(shape(x).size()); }
  int axis(Value x, std::int64_t axis) const;  // made non-negative; refuses one out of range
  // Does any element come from an input, a buffer or a constant? Yes, where nobody keeps `dataless`.
  bool depends_on_data(Value x) const { return !dataless || x.ref.id >= dataless->size() || !(*dataless)[x.ref.id]; }
  Value cast(Value x, Dtype dtype) { return this->dtype(x) == dtype ? x : (*this)("astype", x, dtype); }

  // Stops this lowering: the reason joins the list of all problems found.
  [[noreturn]] void refuse(std::string message, std::string hint = {}) const {
    throw Error(ErrorKind::unsupported, {}, std::move(message), std::move(hint));
  }

  // An array of these integers, kept as a constant of the graph.
  Value literal(std::string_view name, const std::vector<std::int64_t>& values, const std::vector<std::int64_t>& shape);

  // A key of mx.random, which nothing else gets. Refuses where the model takes none.
  Value key();

  // Remarks for the report, once each.
  void note(std::string text);

  // The ATen node being lowered: declared types of its results (for dtypes, and shapes no rule can tell). Empty in text
  // that states none.
  std::vector<graph::Type> declared;
  Dtype declared_dtype() const;
  std::uint32_t scope = 0;
  graph::Place place;
  std::vector<Ref>* keys = nullptr;       // given out by `key`; to be defined once it is known how many there are
  std::vector<bool>* dataless = nullptr;  // by value id: arrays of sizes, numbers and parameters alone
  MaskedRows* rows = nullptr;             // rows that masks pick; new nodes follow them
  Graph& graph() { return graph_; }

 private:
  Size as_size(Ref ref) const;
  bool is_dataless(const Node& node) const;
  Graph& graph_;
  std::vector<Node>& nodes_;
  const Inference& inference_;
};

}  // namespace torch2mlx::ops
