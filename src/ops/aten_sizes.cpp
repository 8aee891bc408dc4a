// Arithmetic of sizes, and assertions (which say nothing to MLX).
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

// `whole` of two sizes, `real` where one of them is no integer.
template <class F, class G>
Scalar either(Mlx& mx, const Scalar& a, const Scalar& b, F&& whole, G&& real) {
  if (is_whole(mx, a) && is_whole(mx, b)) return as_scalar(whole(as_size(a), as_size(b)));
  return real();
}

Size sym_size(Mlx& mx, Value x, std::int64_t dim) { return mx.dim(x, mx.axis(x, dim)); }
Size sym_numel(Mlx& mx, Value x) { return product(mx, mx.dims(x)); }
Scalar sym_add(Mlx& mx, Scalar a, Scalar b) {
  return either(mx, a, b, [&](Size x, Size y) { return mx.add(x, y); }, [&] { return mx.number("float_add", a, b); });
}
Scalar sym_sub(Mlx& mx, Scalar a, Scalar b) {
  return either(mx, a, b, [&](Size x, Size y) { return mx.sub(x, y); }, [&] { return mx.number("float_sub", a, b); });
}
Scalar sym_mul(Mlx& mx, Scalar a, Scalar b) {
  return either(mx, a, b, [&](Size x, Size y) { return mx.mul(x, y); }, [&] { return mx.number("float_mul", a, b); });
}
Scalar sym_div(Mlx& mx, Scalar a, Scalar b) { return mx.number("float_div", a, b); }
// A power of a size is a size where the exponent is a natural number.
Scalar sym_pow(Mlx& mx, Scalar a, Scalar b) {
  const auto* exponent = std::get_if<std::int64_t>(&b);
  if (!exponent || *exponent < 0 || !is_whole(mx, a)) return mx.number("float_pow", a, b);
  Size power = 1;
  for (std::int64_t i = 0; i < *exponent; ++i) power = mx.mul(power, as_size(a));
  return as_scalar(power);
}
Scalar sym_neg(Mlx& mx, Scalar a) {
  return is_whole(mx, a) ? as_scalar(mx.sub(0, as_size(a))) : mx.number("float_neg", a);
}
Scalar sym_float(Mlx& mx, Scalar a) { return is_whole(mx, a) ? mx.number("float_of", a) : a; }
Size sym_floordiv(Mlx& mx, Size a, Size b) { return mx.floordiv(a, b); }
Size sym_mod(Mlx& mx, Size a, Size b) { return mx.integer("int_mod", a, b); }
Size sym_max(Mlx& mx, Size a, Size b) { return mx.integer("int_max", a, b); }
Size sym_min(Mlx& mx, Size a, Size b) { return mx.integer("int_min", a, b); }

Scalar sym_eq(Mlx& mx, Scalar a, Scalar b) { return mx.number("number_eq", a, b); }
Scalar sym_ne(Mlx& mx, Scalar a, Scalar b) { return mx.number("number_ne", a, b); }
Scalar sym_lt(Mlx& mx, Scalar a, Scalar b) { return mx.number("number_lt", a, b); }
Scalar sym_le(Mlx& mx, Scalar a, Scalar b) { return mx.number("number_le", a, b); }
Scalar sym_gt(Mlx& mx, Scalar a, Scalar b) { return mx.number("number_gt", a, b); }
Scalar sym_ge(Mlx& mx, Scalar a, Scalar b) { return mx.number("number_ge", a, b); }

// Guards that export leaves behind; the shapes they speak of are types here.
void assert_metadata(Mlx&, Value, std::optional<Sizes>, std::optional<Sizes>, std::optional<Dtype>) {}
void assert_scalar(Mlx&, Scalar, std::string) {}
void assert_async(Mlx&, Value) {}
void assert_async_message(Mlx&, Value, std::string) {}
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
    lower<sym_floordiv, "sym.floordiv(SymInt a, SymInt b) -> SymInt">,
    lower<sym_mod, "sym.mod(SymInt a, SymInt b) -> SymInt">,
    lower<sym_max, "sym.max(SymInt a, SymInt b) -> SymInt">,
    lower<sym_min, "sym.min(SymInt a, SymInt b) -> SymInt">,
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
