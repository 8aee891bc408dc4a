// Signs, shifts and the bits of integers and of floating point numbers.
#include "ops/aten_families.h"
#include "ops/promotion.h"

namespace torch2mlx::ops {
namespace {

int bits_of(Dtype dtype) { return static_cast<int>(8 * row(dtype).size); }

// The integer type of the same size, in which the sign is the sign.
Dtype integer_of(Mlx& mx, Dtype dtype) {
  if (bits_of(dtype) == 16) return Dtype::int16;
  if (bits_of(dtype) == 32) return Dtype::int32;
  mx.refuse("bits of this type");
}

template <detail::Text boolean, detail::Text integer>
Value bitwise(Mlx& mx, Operand a, Operand b) {
  promote(mx, a, b);
  return mx.unchecked(mx.declared_dtype() == Dtype::boolean ? boolean.view() : integer.view(), a, b);
}

// In C, and MLX, a shift by more than there are bits is undefined; torch shifts all of them out.
Value shift(Mlx& mx, Operand a, Operand b, bool left) {
  promote(mx, a, b);
  const Dtype dtype = mx.declared_dtype();
  // Python shifts no number by an array.
  if (const auto* number = a.scalar()) a = Value(mx("full", Sizes{}, *number, dtype));
  const int width = bits_of(dtype);
  const auto shifted = [&](const Operand& by) { return left ? mx("left_shift", a, by) : mx("right_shift", a, by); };
  const auto* fixed = b.scalar();
  if (fixed && fixed->constant() && *fixed->constant() >= 0 && *fixed->constant() < width) return shifted(b);
  const Value count = b.value() ? *b.value() : mx("full", Sizes{}, *fixed, dtype);
  const Value outside = mx("logical_or", mx("less", count, 0), mx("greater_equal", count, width));
  const Value inside = shifted(mx("where", outside, 0, count));
  const bool is_signed = row(dtype).torch.find("uint") == std::string_view::npos;
  if (left || !is_signed) return mx("where", outside, 0, inside);
  return mx("where", outside, shifted(Scalar(std::int64_t{width - 1})), inside);
}
template <bool left>
Value shift_by(Mlx& mx, Operand a, Operand b) {
  return shift(mx, a, b, left);
}

Value signbit(Mlx& mx, Value x) {
  const Dtype dtype = mx.dtype(x);
  if (dtype == Dtype::boolean) return mx("logical_and", x, false);
  return mx("less", is_floating(dtype) ? mx("bits", x, integer_of(mx, dtype)) : x, 0);
}

Value copysign(Mlx& mx, Operand a, Operand b) {
  promote(mx, a, b, mx.declared_dtype());
  const Value size = mx("abs", a), below = mx("negative", size);
  if (const auto* number = b.scalar()) {
    if (!number->constant()) mx.refuse("the sign of a size");
    return std::signbit(*number->constant()) ? below : size;
  }
  return mx("where", signbit(mx, *b.value()), below, size);
}

// The next number towards b: its bits, read as an integer, are one more or one less.
Value nextafter(Mlx& mx, Operand a, Operand b) {
  promote(mx, a, b);
  const Value x = *a.value(), y = *b.value();
  const Dtype dtype = mx.dtype(x), integer = integer_of(mx, dtype);
  const Value away = mx("equal", mx("greater", y, x), mx("greater", x, 0));
  const Value next = mx("add", mx("bits", x, integer), mx("where", away, 1, -1));
  const Value least = mx("where", mx("greater", y, 0), 1, integer == Dtype::int16 ? -0x7fff : -0x7fffffff);
  const Value bits = mx("where", mx("equal", x, 0), least, next);
  const Value z = mx("bits", mx.cast(bits, integer), dtype);
  const Value same = mx("where", mx("equal", x, y), y, z);
  const Value unordered = mx("logical_or", mx("isnan", x), mx("isnan", y));
  return mx("where", unordered, mx("add", x, y), same);
}

// x = mantissa * 2^exponent, the mantissa from 0.5 to 1; numbers below the normal ones are scaled up first.
std::tuple<Value, Value> frexp(Mlx& mx, Value x) {
  const Dtype dtype = mx.dtype(x);
  x = mx.cast(x, Dtype::float32);
  const Value small = mx("less", mx("abs", x), 0x1p-126);
  const Value bits = mx("bits", mx("where", small, mx("multiply", x, 0x1p24), x), Dtype::int32);
  const Value power = mx("bitwise_and", mx("right_shift", bits, 23), 255);
  const Value rest = mx("bitwise_or", mx("bitwise_and", bits, -0x7f800001), 0x3f000000);
  const Value plain = mx("logical_or", mx("equal", x, 0), mx("logical_not", mx("isfinite", x)));
  const Value exponent = mx("subtract", power, mx("where", small, 150, 126));
  return {mx.cast(mx("where", plain, x, mx("bits", rest, Dtype::float32)), dtype), mx("where", plain, 0, exponent)};
}

// The larger or smaller, of which one may be nan.
template <detail::Text name>
Value skipping_nan(Mlx& mx, Operand a, Operand b) {
  promote(mx, a, b);
  const Value y = mx.unchecked(name.view(), a, b);
  if (!is_floating(mx.declared_dtype())) return y;
  return mx("where", mx("isnan", a), b, mx("where", mx("isnan", b), a, y));
}

constexpr Lowering rows[] = {
    lower<bitwise<"not_equal", "bitwise_xor">, "bitwise_xor.Tensor(Tensor self, Tensor other) -> Tensor">,
    lower<[](Mlx& mx, Operand a, Scalar b) { return bitwise<"not_equal", "bitwise_xor">(mx, a, b); },
          "bitwise_xor.Scalar(Tensor self, Scalar other) -> Tensor">,
    lower<[](Mlx& mx, Scalar a, Operand b) { return bitwise<"not_equal", "bitwise_xor">(mx, b, a); },
          "bitwise_xor.Scalar_Tensor(Scalar self, Tensor other) -> Tensor">,
    lower<[](Mlx& mx, Operand a, Scalar b) { return bitwise<"logical_and", "bitwise_and">(mx, a, b); },
          "bitwise_and.Scalar(Tensor self, Scalar other) -> Tensor">,
    lower<[](Mlx& mx, Scalar a, Operand b) { return bitwise<"logical_and", "bitwise_and">(mx, b, a); },
          "bitwise_and.Scalar_Tensor(Scalar self, Tensor other) -> Tensor">,
    lower<[](Mlx& mx, Operand a, Scalar b) { return bitwise<"logical_or", "bitwise_or">(mx, a, b); },
          "bitwise_or.Scalar(Tensor self, Scalar other) -> Tensor">,
    lower<[](Mlx& mx, Scalar a, Operand b) { return bitwise<"logical_or", "bitwise_or">(mx, b, a); },
          "bitwise_or.Scalar_Tensor(Scalar self, Tensor other) -> Tensor">,
    lower<shift_by<true>, "bitwise_left_shift.Tensor(Tensor self, Tensor other) -> Tensor">,
    lower<[](Mlx& mx, Operand a, Scalar b) { return shift(mx, a, b, true); },
          "bitwise_left_shift.Tensor_Scalar(Tensor self, Scalar other) -> Tensor">,
    lower<[](Mlx& mx, Scalar a, Operand b) { return shift(mx, a, b, true); },
          "bitwise_left_shift.Scalar_Tensor(Scalar self, Tensor other) -> Tensor">,
    lower<shift_by<true>, "__lshift__.Tensor(Tensor self, Tensor other) -> Tensor">,
    lower<[](Mlx& mx, Operand a, Scalar b) { return shift(mx, a, b, true); },
          "__lshift__.Scalar(Tensor self, Scalar other) -> Tensor">,
    lower<shift_by<false>, "bitwise_right_shift.Tensor(Tensor self, Tensor other) -> Tensor">,
    lower<[](Mlx& mx, Operand a, Scalar b) { return shift(mx, a, b, false); },
          "bitwise_right_shift.Tensor_Scalar(Tensor self, Scalar other) -> Tensor">,
    lower<[](Mlx& mx, Scalar a, Operand b) { return shift(mx, a, b, false); },
          "bitwise_right_shift.Scalar_Tensor(Scalar self, Tensor other) -> Tensor">,
    lower<shift_by<false>, "__rshift__.Tensor(Tensor self, Tensor other) -> Tensor">,
    lower<[](Mlx& mx, Operand a, Scalar b) { return shift(mx, a, b, false); },
          "__rshift__.Scalar(Tensor self, Scalar other) -> Tensor">,
    lower<signbit, "signbit(Tensor self) -> Tensor">,
    lower<copysign, "copysign.Tensor(Tensor self, Tensor other) -> Tensor">,
    lower<[](Mlx& mx, Operand a, Scalar b) { return copysign(mx, a, b); },
          "copysign.Scalar(Tensor self, Scalar other) -> Tensor">,
    lower<nextafter, "nextafter(Tensor self, Tensor other) -> Tensor">,
    lower<frexp, "frexp.Tensor(Tensor self) -> (Tensor mantissa, Tensor exponent)">,
    lower<skipping_nan<"maximum">, "fmax(Tensor self, Tensor other) -> Tensor">,
    lower<skipping_nan<"minimum">, "fmin(Tensor self, Tensor other) -> Tensor">,
};

}  // namespace

std::span<const Lowering> bits_lowerings() { return rows; }

}  // namespace torch2mlx::ops
