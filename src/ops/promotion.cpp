#include "ops/promotion.h"

#include <cmath>

#include "ops/slot.h"

namespace torch2mlx::ops {
namespace {

// How much an operand counts: arrays with axes, then 0-d arrays, then numbers.
struct Rank {
  Dtype dtype;
  int level;
};

Rank rank_of(Mlx& mx, const Operand& x) {
  if (const auto* value = x.value()) return {mx.dtype(*value), mx.rank(*value) > 0 ? 2 : 1};
  const Scalar& scalar = *x.scalar();
  if (std::holds_alternative<bool>(scalar)) return {Dtype::boolean, 0};
  if (const auto* ref = std::get_if<Ref>(&scalar)) {
    const graph::Type& type = mx.graph().type(*ref);
    if (type.kind == graph::ValueKind::tensor) return {type.dtype, 0};
    if (type.kind == graph::ValueKind::floating) return {Dtype::float32, 0};
  }
  return {scalar.is_floating() ? Dtype::float32 : Dtype::int64, 0};
}

Dtype common_dtype(const Rank& a, const Rank& b) {
  if (a.level != b.level) {
    const auto& [strong, weak] = a.level > b.level ? std::pair(a, b) : std::pair(b, a);
    if (row(weak.dtype).kind <= row(strong.dtype).kind) return strong.dtype;
    // A number of a higher kind takes torch's default dtype of that kind.
    return weak.dtype;
  }
  return from_mlx(mx::promote_types(to_mlx(a.dtype), to_mlx(b.dtype)));
}

// A number beside an array of `common` takes its dtype by itself.
void convert(Mlx& mx, Operand& x, Dtype common) {
  if (const auto* value = x.value()) x = mx.cast(*value, common);
}

}  // namespace

void promote(Mlx& mx, Operand& a, Operand& b, std::optional<Dtype> common) {
  if (!a.value() && !b.value()) mx.refuse("needs a tensor");
  const Dtype dtype = common.value_or(common_dtype(rank_of(mx, a), rank_of(mx, b)));
  convert(mx, a, dtype);
  convert(mx, b, dtype);
}

Scalar stored_as(Scalar number, Dtype dtype) {
  const auto value = number.constant();
  if (!value) return number;
  if (dtype == Dtype::boolean) return *value != 0;
  if (row(dtype).kind != DtypeKind::integer || std::holds_alternative<std::int64_t>(number)) return number;
  return static_cast<std::int64_t>(*value);
}

Operand magnitude(Mlx& mx, const Operand& x) {
  if (const auto* value = x.value()) return Value(mx("abs", *value));
  if (const auto* integer = std::get_if<std::int64_t>(x.scalar())) return Scalar(std::int64_t{std::abs(*integer)});
  if (const auto* ref = std::get_if<Ref>(x.scalar())) {
    const graph::ValueKind kind = mx.graph().type(*ref).kind;
    if (kind == graph::ValueKind::tensor) return Value(mx("abs", Value{*ref}));
    if (kind != graph::ValueKind::integer) mx.refuse("the absolute value of a number made of sizes");
    const Size size = *ref;
    return std::visit(
        [](auto v) -> Operand { return Scalar(v); },
        static_cast<const std::variant<std::int64_t, Ref>&>(mx.integer("int_max", size, mx.integer("int_neg", size))));
  }
  return Scalar(std::abs(*x.scalar()->constant()));
}

Value to_floating(Mlx& mx, Value x) {
  const DtypeKind kind = row(mx.dtype(x)).kind;
  return kind == DtypeKind::boolean || kind == DtypeKind::integer ? mx.cast(x, Dtype::float32) : x;
}

}  // namespace torch2mlx::ops
