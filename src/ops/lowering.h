// How a row of table 2 is written: a small function and the overload's schema. No lowering parses its own arguments.
//   Value silu(Mlx& mx, Value x) { return mx("multiply", x, mx("sigmoid", x)); }
//   lower<silu>("silu(Tensor self) -> Tensor")
// Parameters the function takes, by schema type (Layout, Device, MemoryFormat, Generator and pin_memory are left out):
//   Tensor: Value, or Operand (a number will do too)   Tensor?: OptValue   Tensor[]: vector<Value>   Tensor?[]:
//   vector<OptValue> SymInt, int: Size or int64_t (a constant is required)   SymInt[], int[]: Sizes or vector<int64_t>
//   Scalar: Scalar   float: double   bool: bool   ScalarType?: optional<Dtype>   str: string   others: optional<...>
// It returns Value, Size, vector<Value>, pair or tuple of Values, nothing (asserts), or Effect: what the operator does
// counts although nothing uses it.
#pragma once

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ops/mlx.h"
#include "ops/schema.h"

namespace torch2mlx::ops {

struct Lowering {
  std::string_view schema;  // the whole text
  std::string (*op)();      // "aten.add.Tensor"
  // `args`: one a schema parameter, defaults filled in.
  std::vector<graph::Arg> (*run)(Mlx&, const std::vector<graph::Arg>& args);
  std::span<const schema::Param> (*params)();
  bool effect = false;  // lowered although nothing uses a result
};

struct Effect {};

namespace detail {

template <class T>
struct Convert;  // graph argument -> C++ parameter

[[noreturn]] void refuse_argument(Mlx& mx, std::string_view wanted, const graph::Arg& got);

#define TORCH2MLX_CONVERT(type)                       \
  template <>                                         \
  struct Convert<type> {                              \
    static type from(Mlx& mx, const graph::Arg& arg); \
  };
TORCH2MLX_CONVERT(Value)
TORCH2MLX_CONVERT(Operand)
TORCH2MLX_CONVERT(Size)
TORCH2MLX_CONVERT(Scalar)
TORCH2MLX_CONVERT(std::int64_t)
TORCH2MLX_CONVERT(double)
TORCH2MLX_CONVERT(bool)
TORCH2MLX_CONVERT(Dtype)
TORCH2MLX_CONVERT(std::string)
#undef TORCH2MLX_CONVERT

template <class T>
struct Convert<std::optional<T>> {
  static std::optional<T> from(Mlx& mx, const graph::Arg& arg) {
    if (arg.is<std::monostate>()) return std::nullopt;
    return Convert<T>::from(mx, arg);
  }
};
template <class T>
struct Convert<std::vector<T>> {
  static std::vector<T> from(Mlx& mx, const graph::Arg& arg) {
    const auto* list = arg.get_if<graph::List>();
    if (!list) refuse_argument(mx, "a list", arg);
    std::vector<T> values;
    for (const graph::Arg& item : *list) values.push_back(Convert<T>::from(mx, item));
    return values;
  }
};

template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};
template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};

template <class T>
constexpr bool item_matches(schema::Base base) {
  switch (base) {
    case schema::Base::tensor:
      return one_of<T, Value, Operand, OptValue>;
    case schema::Base::integer:
      return one_of<T, Size, std::int64_t>;
    case schema::Base::scalar:
      return one_of<T, Scalar>;
    case schema::Base::floating:
      return one_of<T, double>;
    case schema::Base::boolean:
      return one_of<T, bool>;
    case schema::Base::dtype:
      return one_of<T, Dtype>;
    case schema::Base::text:
      return one_of<T, std::string>;
    case schema::Base::ignored:
      return false;
  }
  return false;
}
template <class T>
constexpr bool matches(const schema::Param& param, bool optional) {
  if constexpr (is_optional<T>::value)
    return optional && matches<typename T::value_type>(param, false);
  else if constexpr (is_vector<T>::value)
    return !optional && param.list && item_matches<typename T::value_type>(param.base);
  else
    return !optional && !param.list && item_matches<T>(param.base);
}

inline void pack(std::vector<graph::Arg>& out, const Value& value) { out.push_back(to_arg(value)); }
// A result that was left out: reading it is refused.
inline void pack(std::vector<graph::Arg>& out, const OptValue& value) { out.push_back(to_arg(value)); }
inline void pack(std::vector<graph::Arg>& out, const Size& value) { out.push_back(to_arg(value)); }
inline void pack(std::vector<graph::Arg>& out, const Scalar& value) { out.push_back(to_arg(value)); }
template <class T>
void pack(std::vector<graph::Arg>& out, const std::vector<T>& values) {
  for (const T& value : values) pack(out, value);
}
template <class... T>
void pack(std::vector<graph::Arg>& out, const std::tuple<T...>& values) {
  std::apply([&](const auto&... value) { (pack(out, value), ...); }, values);
}
template <class T, class U>
void pack(std::vector<graph::Arg>& out, const std::pair<T, U>& values) {
  pack(out, values.first);
  pack(out, values.second);
}

template <class F>
struct Lowered : Lowered<decltype(&F::operator())> {};
template <class R, class... P>
struct Lowered<R (*)(Mlx&, P...)> {
  using Result = R;
  using Params = std::tuple<std::decay_t<P>...>;
};
template <class R, class C, class... P>
struct Lowered<R (C::*)(Mlx&, P...) const> : Lowered<R (*)(Mlx&, P...)> {};

// The positions in the schema of the parameters a function takes; fails to compile if they do not agree.
template <class Params>
consteval auto positions(const schema::Schema& schema) {
  std::array<std::uint8_t, std::tuple_size_v<Params>> at{};
  std::size_t n = 0;
  for (std::uint8_t i = 0; i < schema.count; ++i) {
    if (schema.params[i].base == schema::Base::ignored) continue;
    if (n == at.size()) throw "the lowering takes fewer parameters than its schema has";
    at[n++] = i;
  }
  if (n != at.size()) throw "the lowering takes more parameters than its schema has";
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    if (!(matches<std::tuple_element_t<I, Params>>(schema.params[at[I]], schema.params[at[I]].optional) && ...))
      throw "a parameter of the lowering has another type than its schema says";
  }(std::make_index_sequence<std::tuple_size_v<Params>>{});
  return at;
}

template <std::size_t N>
struct Text {
  char chars[N];
  consteval Text(const char (&text)[N]) { std::copy_n(text, N, chars); }  // NOLINT(google-explicit-constructor)
  constexpr std::string_view view() const { return {chars, N - 1}; }
};

std::string full_name(std::string_view schema_name);  // "silu" -> "aten.silu.default"
graph::Arg parse_default(std::string_view text);      // "None", "1e-05", "[0, 1]", "'none'"

}  // namespace detail

// Written lower<silu, "silu(Tensor self) -> Tensor">; the macro-free spelling of the row.
template <auto F, detail::Text text>
struct LoweringRow {
  static constexpr schema::Schema schema = schema::parse(text.view());
  using Traits = detail::Lowered<std::decay_t<decltype(F)>>;
  using Params = typename Traits::Params;
  static constexpr auto at = detail::positions<Params>(schema);
  static constexpr bool effect = std::same_as<typename Traits::Result, Effect>;

  static std::vector<graph::Arg> run(Mlx& mx, const std::vector<graph::Arg>& args) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      std::vector<graph::Arg> results;
      const auto apply = [&] {
        return F(mx, detail::Convert<std::tuple_element_t<I, Params>>::from(mx, args[at[I]])...);
      };
      if constexpr (std::is_void_v<typename Traits::Result> || effect)
        apply();
      else
        detail::pack(results, apply());
      return results;
    }(std::make_index_sequence<std::tuple_size_v<Params>>{});
  }
  static std::string op() { return detail::full_name(schema.name); }
  static std::span<const schema::Param> params() { return schema.all(); }
};

template <auto F, detail::Text text>
inline constexpr Lowering lower{text.view(), &LoweringRow<F, text>::op, &LoweringRow<F, text>::run,
                                &LoweringRow<F, text>::params, LoweringRow<F, text>::effect};

}  // namespace torch2mlx::ops
