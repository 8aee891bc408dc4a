// New tensors.
#include <fmt/format.h>

#include <cmath>

#include "ops/aten_families.h"
#include "ops/promotion.h"

namespace torch2mlx::ops {
namespace {

// With a number made of sizes, which is not known here; what would lose its fraction, or be true or false, is refused.
Value filled_by_size(Mlx& mx, const Sizes& sizes, const Scalar& value, Dtype dtype) {
  const graph::Type& type = mx.graph().type(std::get<Ref>(value));
  const bool array = type.kind == graph::ValueKind::tensor;
  const bool complex = array && row(type.dtype).kind == DtypeKind::complex;
  const bool whole = array ? row(type.dtype).kind == DtypeKind::integer : type.kind == graph::ValueKind::integer;
  if (complex && dtype == Dtype::complex64) return mx("full", sizes, value, dtype);
  if (complex || dtype == Dtype::boolean || (!whole && !is_floating(dtype)))
    mx.refuse(fmt::format("filling {} with a number that is not constant", row(dtype).torch));
  return mx("full", sizes, value, dtype);
}

Value filled(Mlx& mx, const Sizes& sizes, Scalar value) {
  const Dtype dtype = mx.declared_dtype();
  if (!value.constant()) return filled_by_size(mx, sizes, value, dtype);
  if (dtype == Dtype::boolean) value = std::int64_t{*value.constant() != 0};
  return mx("full", sizes, dtype == Dtype::boolean ? value : stored_as(value, dtype), dtype);
}

template <int value>
Value constant(Mlx& mx, Sizes sizes, std::optional<Dtype>) {
  return filled(mx, sizes, value);
}
Value full(Mlx& mx, Sizes sizes, Scalar value, std::optional<Dtype>) { return filled(mx, sizes, value); }

template <int value>
Value constant_like(Mlx& mx, Value x, std::optional<Dtype>) {
  return filled(mx, mx.dims(x), value);
}
Value full_like(Mlx& mx, Value x, Scalar value, std::optional<Dtype>) { return filled(mx, mx.dims(x), value); }

template <int value>
Value new_constant(Mlx& mx, [[maybe_unused]] Value x, Sizes sizes, std::optional<Dtype>) {
  return filled(mx, sizes, value);
}
Value new_full(Mlx& mx, [[maybe_unused]] Value x, Sizes sizes, Scalar value, std::optional<Dtype>) {
  return filled(mx, sizes, value);
}
Value scalar_tensor(Mlx& mx, Scalar value, std::optional<Dtype>) { return filled(mx, {}, value); }

std::optional<Size> as_size(const Scalar& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* ref = std::get_if<Ref>(&value)) return *ref;
  const auto* number = std::get_if<double>(&value);
  if (number && *number == std::floor(*number) && std::abs(*number) < 0x1p53) return static_cast<std::int64_t>(*number);
  return std::nullopt;
}

// start + i * step: MLX adds up the steps, and with them their rounding.
Value arange_fractions(Mlx& mx, const Scalar& start, const Scalar& end, const Scalar& step) {
  if (!start.constant() || !end.constant() || !step.constant())
    mx.refuse("arange of fractions up to a size that is not constant");
  if (!is_floating(mx.declared_dtype())) mx.refuse("arange of fractions as integers");
  const double from = *start.constant(), by = *step.constant();
  const auto count = static_cast<std::int64_t>(std::ceil((*end.constant() - from) / by));
  const Value steps = mx("arange", std::nullopt, count, std::nullopt, Dtype::float32);
  const Value x = mx("multiply", steps, by);
  return from == 0 ? x : mx("add", x, from);
}

Value arange_step(Mlx& mx, Scalar start, Scalar end, Scalar step, std::optional<Dtype>) {
  const auto from = as_size(start), to = as_size(end), by = as_size(step);
  if (!from || !to || !by) return arange_fractions(mx, start, end, step);
  const Dtype dtype = mx.declared_dtype();
  return mx("arange", from->constant() == 0 && by->constant() == 1 ? std::optional<Size>() : from, *to,
            by->constant() == 1 ? std::optional<Size>() : by, is_floating(dtype) ? Dtype::float32 : dtype);
}
Value arange_start(Mlx& mx, Scalar start, Scalar end, std::optional<Dtype> dtype) {
  return arange_step(mx, start, end, std::int64_t{1}, dtype);
}
Value arange(Mlx& mx, Scalar end, std::optional<Dtype> dtype) {
  return arange_step(mx, std::int64_t{0}, end, std::int64_t{1}, dtype);
}

constexpr Lowering rows[] = {
    lower<constant<0>,
          "zeros(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
          "pin_memory=None) -> Tensor">,
    lower<constant<1>,
          "ones(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
          "pin_memory=None) -> Tensor">,
    lower<full,
          "full(SymInt[] size, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
          "bool? pin_memory=None) -> Tensor">,
    lower<constant_like<0>,
          "zeros_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
          "pin_memory=None, MemoryFormat? memory_format=None) -> Tensor">,
    lower<constant_like<1>,
          "ones_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
          "pin_memory=None, MemoryFormat? memory_format=None) -> Tensor">,
    lower<full_like,
          "full_like(Tensor self, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? "
          "device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor">,
    lower<new_constant<0>,
          "new_zeros(Tensor self, SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
          "bool? pin_memory=None) -> Tensor">,
    lower<new_constant<1>,
          "new_ones(Tensor self, SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
          "bool? pin_memory=None) -> Tensor">,
    lower<new_full,
          "new_full(Tensor self, SymInt[] size, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, "
          "Device? device=None, bool? pin_memory=None) -> Tensor">,
    lower<scalar_tensor,
          "scalar_tensor(Scalar s, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
          "pin_memory=None) -> Tensor">,
    lower<arange,
          "arange(Scalar end, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
          "pin_memory=None) -> Tensor">,
    lower<arange_start,
          "arange.start(Scalar start, Scalar end, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
          "bool? pin_memory=None) -> Tensor">,
    lower<arange_step,
          "arange.start_step(Scalar start, Scalar end, Scalar step=1, *, ScalarType? dtype=None, Layout? layout=None, "
          "Device? device=None, bool? pin_memory=None) -> Tensor">,
};

}  // namespace

std::span<const Lowering> create_lowerings() { return rows; }

}  // namespace torch2mlx::ops
