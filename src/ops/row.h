// How a row of table 1 is written. The lambda is the execution; its type gives arity and argument kinds:
//   op<[](A a, Int axis) { return mx::softmax(a, axis); }>("softmax", "a axis", Axes::remap)
#pragma once

#include <concepts>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "ops/slot.h"
#include "ops/table.h"

namespace torch2mlx::ops {

// Parameter types of a row's lambda; one Kind each.
using A = const mx::array&;
using Arrays = const std::vector<mx::array>&;
using OptA = const std::optional<mx::array>&;
using Int = int;
using OptInt = std::optional<int>;
using Ints = const std::vector<int>&;
using OptInts = const std::optional<std::vector<int>>&;
using Number = double;
using Bool = bool;
using Text = const std::string&;
using DType = mx::Dtype;
using OptNumber = std::optional<double>;
using OptBool = std::optional<bool>;
using OptText = const std::optional<std::string>&;
using Items = const Slots&;

// Size arithmetic gives this instead of an array.
struct Integer {
  std::int64_t value;
};
// Numbers and truths made of sizes, as Python has them.
struct Real {
  double value;
};
struct Truth {
  bool value;
};
// A condition without which the graph computes something else: passes keep it although nothing uses it.
struct Required {
  mx::array condition;
};

namespace detail {

template <class T>
consteval Kind kind_of() {
  if constexpr (std::same_as<T, A>)
    return Kind::array;
  else if constexpr (std::same_as<T, Arrays>)
    return Kind::arrays;
  else if constexpr (std::same_as<T, OptA>)
    return Kind::optional_array;
  else if constexpr (std::same_as<T, Int>)
    return Kind::integer;
  else if constexpr (std::same_as<T, OptInt>)
    return Kind::optional_integer;
  else if constexpr (std::same_as<T, Ints>)
    return Kind::integers;
  else if constexpr (std::same_as<T, OptInts>)
    return Kind::optional_integers;
  else if constexpr (std::same_as<T, Number>)
    return Kind::number;
  else if constexpr (std::same_as<T, Bool>)
    return Kind::boolean;
  else if constexpr (std::same_as<T, Text>)
    return Kind::text;
  else if constexpr (std::same_as<T, OptNumber>)
    return Kind::optional_number;
  else if constexpr (std::same_as<T, OptBool>)
    return Kind::optional_boolean;
  else if constexpr (std::same_as<T, OptText>)
    return Kind::optional_text;
  else if constexpr (std::same_as<T, Items>)
    return Kind::items;
  else {
    static_assert(std::same_as<T, DType>, "a row's parameter is one of the types of ops/row.h");
    return Kind::dtype;
  }
}

template <class F>
struct Function;
template <class R, class C, class... P>
struct Function<R (C::*)(P...) const> {
  using Result = R;
  using Parameters = std::tuple<P...>;
  static constexpr std::size_t arity = sizeof...(P);
  static consteval void fill(Parameter* out) { ((out++->kind = kind_of<P>()), ...); }
};

}  // namespace detail

template <auto F>
struct Op {
  using Signature = detail::Function<decltype(&decltype(F)::operator())>;
  Info info;
};

template <auto F>
consteval Op<F> op(const char* name, std::string_view params, Axes axes, const char* python = "", bool draws = false) {
  using Signature = typename Op<F>::Signature;
  static_assert(Signature::arity <= max_parameters);
  Info info{name, axes, python, {}, Signature::arity, 0, false, false, false, false, draws, false};
  Signature::fill(info.parameters);
  std::size_t count = 0;
  for (std::size_t at = 0; at < params.size(); ++count) {
    const std::size_t end = std::min(params.find(' ', at), params.size());
    if (count == Signature::arity) throw "a row names more parameters than its lambda takes";
    info.parameters[count].name = params.substr(at, end - at);
    at = end + 1;
  }
  if (count != Signature::arity) throw "a row names fewer parameters than its lambda takes";
  while (info.operands < count && info.parameters[info.operands].kind <= Kind::arrays) ++info.operands;
  info.several = std::same_as<typename Signature::Result, std::vector<mx::array>>;
  info.integer = std::same_as<typename Signature::Result, Integer>;
  info.floating = std::same_as<typename Signature::Result, Real>;
  info.boolean = std::same_as<typename Signature::Result, Truth>;
  info.requires_condition = std::same_as<typename Signature::Result, Required>;
  return {info};
}

// Runs a row. Throws std::invalid_argument if an argument is not of its parameter's kind.
using Call = Slots (*)(const Slots& arguments);

namespace detail {

// The dtype a bare number takes beside `others`, as mlx.core's weak scalars do.
mx::array weak_array(const Slot& number, const Slots& others);
mx::array as_array(const Slot& slot, const Slots& others);
std::vector<mx::array> as_arrays(const Slot& slot, const Slots& others);
int as_int(const Slot& slot);
std::vector<int> as_ints(const Slot& slot);
double as_number(const Slot& slot);
bool as_bool(const Slot& slot);
const std::string& as_text(const Slot& slot);
mx::Dtype as_dtype(const Slot& slot);
const Slots& as_items(const Slot& slot);

template <class T>
auto unpack(const Slot& slot, const Slots& all) {
  if constexpr (std::same_as<T, A>)
    return as_array(slot, all);
  else if constexpr (std::same_as<T, Arrays>)
    return as_arrays(slot, all);
  else if constexpr (std::same_as<T, OptA>)
    return slot.absent() ? std::optional<mx::array>() : std::optional<mx::array>(as_array(slot, all));
  else if constexpr (std::same_as<T, Int>)
    return as_int(slot);
  else if constexpr (std::same_as<T, OptInt>)
    return slot.absent() ? OptInt() : OptInt(as_int(slot));
  else if constexpr (std::same_as<T, Ints>)
    return as_ints(slot);
  else if constexpr (std::same_as<T, OptInts>)
    return slot.absent() ? std::optional<std::vector<int>>() : std::optional(as_ints(slot));
  else if constexpr (std::same_as<T, Number>)
    return as_number(slot);
  else if constexpr (std::same_as<T, Bool>)
    return as_bool(slot);
  else if constexpr (std::same_as<T, Text>)
    return as_text(slot);
  else if constexpr (std::same_as<T, OptNumber>)
    return slot.absent() ? OptNumber() : OptNumber(as_number(slot));
  else if constexpr (std::same_as<T, OptBool>)
    return slot.absent() ? OptBool() : OptBool(as_bool(slot));
  else if constexpr (std::same_as<T, OptText>)
    return slot.absent() ? std::optional<std::string>() : std::optional(as_text(slot));
  else if constexpr (std::same_as<T, Items>)
    return as_items(slot);
  else
    return as_dtype(slot);
}

inline Slots pack(mx::array result) { return {Slot(std::move(result))}; }
inline Slots pack(Integer result) { return {Slot(result.value)}; }
inline Slots pack(Real result) { return {Slot(result.value)}; }
inline Slots pack(Truth result) { return {Slot(result.value)}; }
inline Slots pack(Required result) { return {Slot(std::move(result.condition))}; }
inline Slots pack(std::vector<mx::array> results) { return Slots(results.begin(), results.end()); }

template <auto F, class... P, std::size_t... I>
Slots call(const Slots& slots, std::tuple<P...>*, std::index_sequence<I...>) {
  return pack(F(unpack<P>(slots[I], slots)...));
}

}  // namespace detail

// `arguments` holds one slot a parameter, absent ones as monostate.
template <auto F>
Slots call(const Slots& arguments) {
  using Signature = typename Op<F>::Signature;
  return detail::call<F>(arguments, static_cast<typename Signature::Parameters*>(nullptr),
                         std::make_index_sequence<Signature::arity>{});
}

inline mx::Shape shape_of(Ints sizes) { return mx::Shape(sizes.begin(), sizes.end()); }

}  // namespace torch2mlx::ops
