// Comparisons, logic and choice.
#include "ops/aten_families.h"
#include "ops/promotion.h"

namespace torch2mlx::ops {
namespace {

template <detail::Text name>
Value compare(Mlx& mx, Operand a, Operand b) {
  promote(mx, a, b);
  return mx.unchecked(name.view(), a, b);
}
template <detail::Text name>
Value compare_number(Mlx& mx, Value a, Scalar b) {
  return compare<name>(mx, a, b);
}

Value to_bool(Mlx& mx, Value x) { return mx.cast(x, Dtype::boolean); }

template <detail::Text name>
Value logical(Mlx& mx, Value a, Value b) {
  return mx.unchecked(name.view(), to_bool(mx, a), to_bool(mx, b));
}
Value logical_xor(Mlx& mx, Value a, Value b) { return mx("not_equal", to_bool(mx, a), to_bool(mx, b)); }
Value logical_not(Mlx& mx, Value x) { return mx("logical_not", to_bool(mx, x)); }

template <detail::Text boolean, detail::Text integer>
Value bitwise(Mlx& mx, Operand a, Operand b) {
  promote(mx, a, b);
  return mx.unchecked(mx.declared_dtype() == Dtype::boolean ? boolean.view() : integer.view(), a, b);
}
Value bitwise_not(Mlx& mx, Value x) {
  return mx.dtype(x) == Dtype::boolean ? mx("logical_not", x) : mx("bitwise_invert", x);
}

Value where(Mlx& mx, Value condition, Operand a, Operand b) {
  promote(mx, a, b);
  return mx("where", to_bool(mx, condition), a, b);
}

Value where_other(Mlx& mx, Value condition, Value a, Scalar b) { return where(mx, condition, a, b); }
Value where_self(Mlx& mx, Value condition, Scalar a, Value b) { return where(mx, condition, a, b); }
Value where_numbers(Mlx& mx, Value condition, Scalar a, Scalar b) { return mx("where", to_bool(mx, condition), a, b); }

Value masked_fill(Mlx& mx, Value x, Value mask, Scalar value) {
  return mx("where", to_bool(mx, mask), stored_as(value, mx.dtype(x)), x);
}
Value masked_fill_tensor(Mlx& mx, Value x, Value mask, Value value) {
  return mx("where", to_bool(mx, mask), mx.cast(value, mx.dtype(x)), x);
}

constexpr Lowering rows[] = {
    lower<compare<"equal">, "eq.Tensor(Tensor self, Tensor other) -> Tensor">,
    lower<compare_number<"equal">, "eq.Scalar(Tensor self, Scalar other) -> Tensor">,
    lower<compare<"not_equal">, "ne.Tensor(Tensor self, Tensor other) -> Tensor">,
    lower<compare_number<"not_equal">, "ne.Scalar(Tensor self, Scalar other) -> Tensor">,
    lower<compare<"less">, "lt.Tensor(Tensor self, Tensor other) -> Tensor">,
    lower<compare_number<"less">, "lt.Scalar(Tensor self, Scalar other) -> Tensor">,
    lower<compare<"less_equal">, "le.Tensor(Tensor self, Tensor other) -> Tensor">,
    lower<compare_number<"less_equal">, "le.Scalar(Tensor self, Scalar other) -> Tensor">,
    lower<compare<"greater">, "gt.Tensor(Tensor self, Tensor other) -> Tensor">,
    lower<compare_number<"greater">, "gt.Scalar(Tensor self, Scalar other) -> Tensor">,
    lower<compare<"greater_equal">, "ge.Tensor(Tensor self, Tensor other) -> Tensor">,
    lower<compare_number<"greater_equal">, "ge.Scalar(Tensor self, Scalar other) -> Tensor">,
    lower<logical<"logical_and">, "logical_and(Tensor self, Tensor other) -> Tensor">,
    lower<logical<"logical_or">, "logical_or(Tensor self, Tensor other) -> Tensor">,
    lower<logical_xor, "logical_xor(Tensor self, Tensor other) -> Tensor">,
    lower<logical_not, "logical_not(Tensor self) -> Tensor">,
    lower<bitwise<"logical_and", "bitwise_and">, "__and__.Tensor(Tensor self, Tensor other) -> Tensor">,
    lower<bitwise<"logical_and", "bitwise_and">, "bitwise_and.Tensor(Tensor self, Tensor other) -> Tensor">,
    lower<bitwise<"logical_or", "bitwise_or">, "__or__.Tensor(Tensor self, Tensor other) -> Tensor">,
    lower<bitwise<"logical_or", "bitwise_or">, "bitwise_or.Tensor(Tensor self, Tensor other) -> Tensor">,
    lower<bitwise_not, "bitwise_not(Tensor self) -> Tensor">,
    lower<where, "where.self(Tensor condition, Tensor self, Tensor other) -> Tensor">,
    lower<where_other, "where.ScalarOther(Tensor condition, Tensor self, Scalar other) -> Tensor">,
    lower<where_self, "where.ScalarSelf(Tensor condition, Scalar self, Tensor other) -> Tensor">,
    lower<where_numbers, "where.Scalar(Tensor condition, Scalar self, Scalar other) -> Tensor">,
    lower<masked_fill, "masked_fill.Scalar(Tensor self, Tensor mask, Scalar value) -> Tensor">,
    lower<masked_fill_tensor, "masked_fill.Tensor(Tensor self, Tensor mask, Tensor value) -> Tensor">,
};

}  // namespace

std::span<const Lowering> compare_lowerings() { return rows; }

}  // namespace torch2mlx::ops
