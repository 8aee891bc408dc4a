// Arithmetic of sizes and of numbers that are read from data, and assertions.
#include "ops/aten_families.h"
#include "ops/rearrange.h"

namespace torch2mlx::ops {
namespace {

bool is_whole(Mlx& mx, const Scalar& x) {
  const auto* ref = std::get_if<Ref>(&x);
  return ref ? mx.graph().type(*ref).kind == graph::ValueKind::integer : std::holds_alternative<std::int64_t>(x);
}
Size as_size(const Scalar& x) {
  if (const auto* ref = std::get_if<Ref>(&x)) return *ref;
  return std::get<std::int64_t>(x);
}
Scalar as_scalar(const Size& size) {
  if (const auto value = size.constant()) return *value;
  return std::get<Ref>(size);
}

bool is_array(Mlx& mx, const Scalar& x) {
  const auto* ref = std::get_if<Ref>(&x);
  return ref && mx.graph().type(*ref).kind == graph::ValueKind::tensor;
}
Scalar as_scalar(Value x) { return x.ref; }

// `whole` of two sizes; `array` where one of them is read from data, which makes both arrays; else `number`.
template <class F>
Scalar either(Mlx& mx, const Scalar& a, const Scalar& b, F&& whole, const char* number, const char* array) {
  if (is_array(mx, a) || is_array(mx, b)) return as_scalar(mx.unchecked(array, a, b));
  if (is_whole(mx, a) && is_whole(mx, b)) return as_scalar(whole(as_size(a), as_size(b)));
  return mx.append(number, {to_arg(a), to_arg(b)}).at(0);
}
template <class F>
Scalar either(Mlx& mx, const Scalar& a, const Scalar& b, F&& whole, const char* array) {
  if (is_array(mx, a) || is_array(mx, b)) return as_scalar(mx.unchecked(array, a, b));
  return as_scalar(whole(as_size(a), as_size(b)));
}

Size sym_size(Mlx& mx, Value x, std::int64_t dim) { return mx.dim(x, mx.axis(x, dim)); }
Size sym_numel(Mlx& mx, Value x) { return product(mx, mx.dims(x)); }
Scalar sym_add(Mlx& mx, Scalar a, Scalar b) {
  return either(mx, a, b, [&](Size x, Size y) { return mx.add(x, y); }, "float_add", "add");
}
Scalar sym_sub(Mlx& mx, Scalar a, Scalar b) {
  return either(mx, a, b, [&](Size x, Size y) { return mx.sub(x, y); }, "float_sub", "subtract");
}
Scalar sym_mul(Mlx& mx, Scalar a, Scalar b) {
  return either(mx, a, b, [&](Size x, Size y) { return mx.mul(x, y); }, "float_mul", "multiply");
}
Scalar sym_div(Mlx& mx, Scalar a, Scalar b) {
  if (is_array(mx, a) || is_array(mx, b)) return as_scalar(mx("divide", a, b));
  return mx.number("float_div", a, b);
}
// A power of a size is a size where the exponent is a natural number.
Scalar sym_pow(Mlx& mx, Scalar a, Scalar b) {
  const auto* exponent = std::get_if<std::int64_t>(&b);
  if (is_array(mx, a) || is_array(mx, b)) return as_scalar(mx("power", a, b));
  if (!exponent || *exponent < 0 || !is_whole(mx, a)) return mx.number("float_pow", a, b);
  Size power = 1;
  for (std::int64_t i = 0; i < *exponent; ++i) power = mx.mul(power, as_size(a));
  return as_scalar(power);
}
Scalar sym_neg(Mlx& mx, Scalar a) {
  if (is_array(mx, a)) return as_scalar(mx("negative", a));
  return is_whole(mx, a) ? as_scalar(mx.sub(0, as_size(a))) : mx.number("float_neg", a);
}
Scalar sym_float(Mlx& mx, Scalar a) {
  if (is_array(mx, a)) return as_scalar(mx.cast({std::get<Ref>(a)}, Dtype::float32));
  return is_whole(mx, a) ? mx.number("float_of", a) : a;
}
Scalar sym_floordiv(Mlx& mx, Scalar a, Scalar b) {
  return either(mx, a, b, [&](Size x, Size y) { return mx.floordiv(x, y); }, "floor_divide");
}
Scalar sym_mod(Mlx& mx, Scalar a, Scalar b) {
  return either(mx, a, b, [&](Size x, Size y) { return mx.integer("int_mod", x, y); }, "remainder");
}
Scalar sym_max(Mlx& mx, Scalar a, Scalar b) {
  return either(mx, a, b, [&](Size x, Size y) { return mx.integer("int_max", x, y); }, "maximum");
}
Scalar sym_min(Mlx& mx, Scalar a, Scalar b) {
  return either(mx, a, b, [&](Size x, Size y) { return mx.integer("int_min", x, y); }, "minimum");
}

Scalar compared(Mlx& mx, const Scalar& a, const Scalar& b, const char* number, const char* array) {
  if (is_array(mx, a) || is_array(mx, b)) return as_scalar(mx.unchecked(array, a, b));
  return mx.append(number, {to_arg(a), to_arg(b)}).at(0);
}
Scalar sym_eq(Mlx& mx, Scalar a, Scalar b) { return compared(mx, a, b, "number_eq", "equal"); }
Scalar sym_ne(Mlx& mx, Scalar a, Scalar b) { return compared(mx, a, b, "number_ne", "not_equal"); }
Scalar sym_lt(Mlx& mx, Scalar a, Scalar b) { return compared(mx, a, b, "number_lt", "less"); }
Scalar sym_le(Mlx& mx, Scalar a, Scalar b) { return compared(mx, a, b, "number_le", "less_equal"); }
Scalar sym_gt(Mlx& mx, Scalar a, Scalar b) { return compared(mx, a, b, "number_gt", "greater"); }
Scalar sym_ge(Mlx& mx, Scalar a, Scalar b) { return compared(mx, a, b, "number_ge", "greater_equal"); }
Scalar sym_not(Mlx& mx, Scalar a) {
  if (!is_array(mx, a)) mx.refuse("a condition on sizes whose opposite a value of the model depends on");
  return as_scalar(mx("logical_not", a));
}
// Of a number that is read from data: a where the condition holds, else b.
Scalar sym_ite(Mlx& mx, Scalar condition, Scalar a, Scalar b) {
  if (!is_array(mx, condition)) mx.refuse("a choice by sizes");
  return as_scalar(mx("where", condition, a, b));
}

// A number of the data stays an array of one element: nothing is computed before the model's results are.
Scalar item(Mlx& mx, Value x) { return as_scalar(mx.rank(x) == 0 ? x : mx("reshape", x, Sizes{})); }

// Guards that export leaves behind; the shapes they speak of are types here.
void assert_metadata(Mlx&, Value, std::optional<Sizes>, std::optional<Sizes>, std::optional<Dtype>) {}
// What export relied on of the data's numbers is required, whatever its message; of sizes, the graph's guards tell
// more.
Effect assert_scalar(Mlx& mx, Scalar condition, std::string) {
  if (is_array(mx, condition)) mx("require", condition);
  return {};
}
Effect assert_async(Mlx& mx, Value condition) {
  mx("require", condition);
  return {};
}
Effect assert_async_message(Mlx& mx, Value condition, std::string message) {
  mx("require", condition, message.empty() ? std::nullopt : std::optional(message));
  return {};
}
void constrain(Mlx&, Scalar, std::optional<std::int64_t>, std::optional<std::int64_t>) {}

constexpr Lowering rows[] = {
    lower<sym_size, "sym_size.int(Tensor self, int dim) -> SymInt">,
    lower<sym_numel, "sym_numel(Tensor self) -> SymInt">,
    lower<sym_add, "sym.add(Scalar a, Scalar b) -> Scalar">,
    lower<sym_sub, "sym.sub(Scalar a, Scalar b) -> Scalar">,
    lower<sym_mul, "sym.mul(Scalar a, Scalar b) -> Scalar">,
    lower<sym_div, "sym.truediv(Scalar a, Scalar b) -> Scalar">,
    lower<sym_pow, "sym.pow(Scalar a, Scalar b) -> Scalar">,
    lower<sym_neg, "sym.neg(Scalar a) -> Scalar">,
    lower<sym_float, "sym.float(Scalar a) -> Scalar">,
    lower<sym_floordiv, "sym.floordiv(Scalar a, Scalar b) -> Scalar">,
    lower<sym_mod, "sym.mod(Scalar a, Scalar b) -> Scalar">,
    lower<sym_max, "sym.max(Scalar a, Scalar b) -> Scalar">,
    lower<sym_min, "sym.min(Scalar a, Scalar b) -> Scalar">,
    lower<sym_not, "sym.not(Scalar a) -> bool">,
    lower<sym_ite, "sym.ite(Scalar condition, Scalar a, Scalar b) -> Scalar">,
    lower<item, "item(Tensor self) -> Scalar">,
    lower<item, "_local_scalar_dense(Tensor self) -> Scalar">,
    lower<sym_eq, "sym.eq(Scalar a, Scalar b) -> bool">,
    lower<sym_ne, "sym.ne(Scalar a, Scalar b) -> bool">,
    lower<sym_lt, "sym.lt(Scalar a, Scalar b) -> bool">,
    lower<sym_le, "sym.le(Scalar a, Scalar b) -> bool">,
    lower<sym_gt, "sym.gt(Scalar a, Scalar b) -> bool">,
    lower<sym_ge, "sym.ge(Scalar a, Scalar b) -> bool">,
    lower<assert_metadata,
          "_assert_tensor_metadata(Tensor a, SymInt[]? size=None, SymInt[]? stride=None, ScalarType? dtype=None, *, "
          "Device? device=None, Layout? layout=None) -> ()">,
    lower<assert_scalar, "_assert_scalar(Scalar self, str assert_msg) -> ()">,
    lower<assert_async, "_assert_async(Tensor self) -> ()">,
    lower<assert_async_message, "_assert_async.msg(Tensor self, str assert_msg) -> ()">,
    lower<constrain, "sym_constrain_range(Scalar size, *, int? min=None, int? max=None) -> ()">,
    lower<constrain, "sym_constrain_range_for_size(Scalar size, *, int? min=None, int? max=None) -> ()">,
};

}  // namespace

std::span<const Lowering> size_lowerings() { return rows; }

}  // namespace torch2mlx::ops
