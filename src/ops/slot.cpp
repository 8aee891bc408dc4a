#include "ops/slot.h"

#include <fmt/format.h>

#include <stdexcept>

#include "ops/row.h"

namespace torch2mlx::ops {
namespace {

// In the order of torch2mlx::Dtype up to complex64; types that MLX lacks are narrowed before they get here.
struct Pair {
  Dtype dtype;
  mx::Dtype mlx;
};
const Pair pairs[] = {
    {Dtype::boolean, mx::bool_},       {Dtype::uint8, mx::uint8},       {Dtype::uint16, mx::uint16},
    {Dtype::uint32, mx::uint32},       {Dtype::uint64, mx::uint64},     {Dtype::int8, mx::int8},
    {Dtype::int16, mx::int16},         {Dtype::int32, mx::int32},       {Dtype::int64, mx::int64},
    {Dtype::float16, mx::float16},     {Dtype::bfloat16, mx::bfloat16}, {Dtype::float32, mx::float32},
    {Dtype::complex64, mx::complex64},
};

}  // namespace

mx::Dtype to_mlx(Dtype dtype) {
  const Dtype narrow = row(dtype).as_mlx;
  for (const Pair& pair : pairs)
    if (pair.dtype == narrow) return pair.mlx;
  throw std::invalid_argument(fmt::format("MLX has no dtype for {}", row(dtype).torch));
}

Dtype from_mlx(mx::Dtype dtype) {
  for (const Pair& pair : pairs)
    if (pair.mlx == dtype) return pair.dtype;
  return Dtype::float64;  // mx::float64, on the CPU alone
}

namespace detail {
namespace {
[[noreturn]] void wrong(const char* wanted) { throw std::invalid_argument(fmt::format("expected {}", wanted)); }

// The operand that a number takes its dtype from; a boolean one is a condition as often as not.
const mx::array* first_array(const Slots& slots) {
  const mx::array* first = nullptr;
  for (const Slot& slot : slots) {
    const auto* array = slot.get_if<mx::array>();
    if (array && array->dtype() != mx::bool_) return array;
    if (array && !first) first = array;
  }
  return first;
}
}  // namespace

mx::array weak_array(const Slot& number, const Slots& others) {
  const mx::array* other = first_array(others);
  const bool inexact = other && mx::issubdtype(other->dtype(), mx::inexact);
  const bool integer = other && mx::issubdtype(other->dtype(), mx::integer);
  if (const auto* value = number.get_if<bool>())
    return mx::array(*value, inexact || integer ? other->dtype() : mx::bool_);
  if (const auto* value = number.get_if<std::int64_t>()) {
    if (inexact)
      return mx::array(static_cast<double>(*value), mx::float32).dtype() == other->dtype()
                 ? mx::array(static_cast<float>(*value))
                 : mx::astype(mx::array(static_cast<float>(*value)), other->dtype());
    const bool narrow = *value >= INT32_MIN && *value <= INT32_MAX;
    return mx::array(*value, integer ? other->dtype() : narrow ? mx::int32 : mx::int64);
  }
  if (const auto* value = number.get_if<double>())
    return mx::array(static_cast<float>(*value), inexact ? other->dtype() : mx::float32);
  wrong("an array or a number");
}

mx::array as_array(const Slot& slot, const Slots& others) {
  if (const auto* array = slot.get_if<mx::array>()) return *array;
  return weak_array(slot, others);
}

std::vector<mx::array> as_arrays(const Slot& slot, const Slots& others) {
  const auto* list = slot.get_if<Slots>();
  if (!list) wrong("a list of arrays");
  std::vector<mx::array> arrays;
  for (const Slot& item : *list) arrays.push_back(as_array(item, others));
  return arrays;
}

int as_int(const Slot& slot) {
  const auto* value = slot.get_if<std::int64_t>();
  if (!value) wrong("an integer");
  // "to the end" is INT64_MAX in torch; MLX sizes are 32 bits wide, and nothing is longer.
  if (*value > INT32_MAX) return INT32_MAX;
  if (*value < INT32_MIN) return INT32_MIN;
  return static_cast<int>(*value);
}

std::vector<int> as_ints(const Slot& slot) {
  const auto* list = slot.get_if<Slots>();
  if (!list) wrong("a list of integers");
  std::vector<int> values;
  for (const Slot& item : *list) values.push_back(as_int(item));
  return values;
}

double as_number(const Slot& slot) {
  if (const auto* value = slot.get_if<double>()) return *value;
  if (const auto* value = slot.get_if<std::int64_t>()) return static_cast<double>(*value);
  if (const auto* value = slot.get_if<bool>()) return *value ? 1.0 : 0.0;
  wrong("a number");
}

bool as_bool(const Slot& slot) {
  if (const auto* value = slot.get_if<bool>()) return *value;
  wrong("a boolean");
}

const std::string& as_text(const Slot& slot) {
  if (const auto* value = slot.get_if<std::string>()) return *value;
  wrong("text");
}

mx::Dtype as_dtype(const Slot& slot) {
  if (const auto* value = slot.get_if<Dtype>()) return to_mlx(*value);
  wrong("a dtype");
}

const Slots& as_items(const Slot& slot) {
  if (const auto* list = slot.get_if<Slots>()) return *list;
  wrong("a list");
}

}  // namespace detail
}  // namespace torch2mlx::ops
