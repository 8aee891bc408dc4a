// Plain loops, compiled once for each instruction set: branch-free, so that the compiler makes vectors of them.
#include "weights/cast.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

#include "base/error.h"
#include "weights/float8.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "weights/cast.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace torch2mlx::weights::HWY_NAMESPACE {
namespace {

struct Half {
  std::uint16_t bits;
};
struct Brain {
  std::uint16_t bits;
};

float widen(float value) { return value; }
double widen(double value) { return value; }
float widen(Brain value) { return std::bit_cast<float>(static_cast<std::uint32_t>(value.bits) << 16); }

// Exponent and fraction move up; a multiplication then corrects the bias and normalises subnormals exactly.
float widen(Half value) {
  const std::uint32_t magnitude = value.bits & 0x7fffu, sign = (value.bits & 0x8000u) << 16;
  const float scaled = std::bit_cast<float>(magnitude << 13) * 0x1p112f;
  const std::uint32_t special = magnitude >= 0x7c00u ? 0x7f800000u : 0u;
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(scaled) | special | sign);
}

template <class To>
To narrow(float value);

template <>
float narrow<float>(float value) {
  return value;
}

template <>
Brain narrow<Brain>(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t rounded = bits + 0x7fffu + (bits >> 16 & 1u);
  const bool nan = (bits & 0x7fffffffu) > 0x7f800000u;
  return {static_cast<std::uint16_t>((nan ? bits | 0x400000u : rounded) >> 16)};
}

// Normal results round in integers; subnormal ones by adding 0.5, whose last place is float16's smallest subnormal.
template <>
Half narrow<Half>(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = bits >> 16 & 0x8000u, magnitude = bits & 0x7fffffffu;
  const std::uint32_t normal = (magnitude - 0x38000000u + 0xfffu + (magnitude >> 13 & 1u)) >> 13;
  const float shifted = std::bit_cast<float>(magnitude) + 0.5f;
  const std::uint32_t subnormal = std::bit_cast<std::uint32_t>(shifted) - 0x3f000000u;
  std::uint32_t result = magnitude < 0x38800000u ? subnormal : normal;
  result = magnitude >= 0x477ff000u ? 0x7c00u : result;
  result = magnitude > 0x7f800000u ? 0x7e00u | (magnitude >> 13 & 0x3ffu) : result;
  return {static_cast<std::uint16_t>(result | sign)};
}

// double -> float rounded to odd: rounding that once more to fewer than 23 bits gives what one rounding would.
float to_odd(double value) {
  const auto nearest = static_cast<float>(value);
  const auto bits = std::bit_cast<std::uint32_t>(nearest);
  if (static_cast<double>(nearest) == value || std::isnan(value) || (bits & 1u)) return nearest;
  const bool above = std::fabs(static_cast<double>(nearest)) > std::fabs(value);
  return std::bit_cast<float>(above ? bits - 1 : bits + 1);
}

template <>
double narrow<double>(float value) {
  return value;
}

template <class To>
To narrow(double value) {
  if constexpr (std::is_same_v<To, double> || std::is_same_v<To, float>)
    return static_cast<To>(value);
  else
    return narrow<To>(to_odd(value));
}

template <class T>
std::int64_t infinities(const std::byte* in, std::size_t count) {
  std::int64_t found = 0;
  for (std::size_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, in + i * sizeof(T), sizeof(T));
    found += std::fabs(widen(value)) == std::numeric_limits<decltype(widen(value))>::infinity();
  }
  return found;
}

// Bit patterns, which the compiler makes vectors of.
template <>
std::int64_t infinities<Half>(const std::byte* in, std::size_t count) {
  std::uint32_t found = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint16_t bits;
    std::memcpy(&bits, in + i * sizeof(bits), sizeof(bits));
    found += (bits & 0x7fffu) == 0x7c00u;
  }
  return found;
}

std::int64_t count_numbers(Dtype dtype, const std::byte* in, std::size_t count) {
  switch (dtype) {
    case Dtype::float16:
    case Dtype::complex32:
      return infinities<Half>(in, count);
    case Dtype::bfloat16:
      return infinities<Brain>(in, count);
    case Dtype::float32:
    case Dtype::complex64:
      return infinities<float>(in, count);
    case Dtype::float64:
    case Dtype::complex128:
      return infinities<double>(in, count);
    default:
      return 0;
  }
}

template <class From, class To>
void convert(const std::byte* in, std::size_t count, std::byte* out) {
  for (std::size_t i = 0; i < count; ++i) {
    From from;
    std::memcpy(&from, in + i * sizeof(From), sizeof(From));
    const To to = narrow<To>(widen(from));
    std::memcpy(out + i * sizeof(To), &to, sizeof(To));
  }
}

using Function = void (*)(const std::byte*, std::size_t, std::byte*);

template <class From>
Function from(Dtype to) {
  switch (to) {
    case Dtype::float32:
      return convert<From, float>;
    case Dtype::float16:
      return convert<From, Half>;
    case Dtype::bfloat16:
      return convert<From, Brain>;
    case Dtype::float64:
      return convert<From, double>;
    default:
      return nullptr;
  }
}

Function find_cast(Dtype source, Dtype target) {
  switch (source) {
    case Dtype::float16:
      return from<Half>(target);
    case Dtype::bfloat16:
      return from<Brain>(target);
    case Dtype::float32:
      return from<float>(target);
    case Dtype::float64:
      return from<double>(target);
    case Dtype::complex32:
      return target == Dtype::complex64 ? convert<Half, float> : nullptr;
    case Dtype::complex128:
      return target == Dtype::complex64 ? convert<double, float> : nullptr;
    case Dtype::complex64:
      return target == Dtype::complex32    ? convert<float, Half>
             : target == Dtype::complex128 ? convert<float, double>
                                           : nullptr;
    default:
      return nullptr;
  }
}

}  // namespace
}  // namespace torch2mlx::weights::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace torch2mlx::weights {

HWY_EXPORT(find_cast);
HWY_EXPORT(count_numbers);

namespace {

// Numbers in `count` elements: a complex one is two.
std::size_t numbers(Dtype dtype, std::size_t count) {
  return row(dtype).kind == DtypeKind::complex ? 2 * count : count;
}

template <std::size_t Size>
void reverse_each(std::byte* data, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) std::reverse(data + i * Size, data + (i + 1) * Size);
}

}  // namespace

// Through float32, a piece at a time: float8 is rare enough.
void cast_float8(Dtype from, Dtype to, const std::byte* in, std::size_t count, std::byte* out) {
  std::array<float, 256> wide;
  for (std::size_t done = 0; done < count; done += wide.size()) {
    const std::size_t n = std::min(wide.size(), count - done);
    const std::byte* source = in + done * size_of(from);
    std::byte* target = out + done * size_of(to);
    if (is_float8(from))
      for (std::size_t i = 0; i < n; ++i) wide[i] = from_float8(from, std::to_integer<std::uint8_t>(source[i]));
    else
      cast(from, Dtype::float32, source, n, reinterpret_cast<std::byte*>(wide.data()));
    if (is_float8(to))
      for (std::size_t i = 0; i < n; ++i) target[i] = std::byte{to_float8(to, wide[i])};
    else
      cast(Dtype::float32, to, reinterpret_cast<const std::byte*>(wide.data()), n, target);
  }
}

bool through_float8(Dtype from, Dtype to) {
  return (is_float8(from) || is_float8(to)) && is_floating(from) && is_floating(to);
}

bool can_cast(Dtype from, Dtype to) {
  return from == to || through_float8(from, to) || HWY_DYNAMIC_DISPATCH(find_cast)(from, to);
}

// Largest finite numbers: float16 65504; bfloat16, float32 about 3.4e38; a narrower fraction may round up to infinity.
bool may_overflow(Dtype from, Dtype to) {
  return from != to && row(from).kind != DtypeKind::integer && row(from).kind != DtypeKind::boolean &&
         size_of(to) <= size_of(from) && !is_float8(from);
}

std::int64_t count_infinite(Dtype dtype, const std::byte* data, std::size_t count) {
  return HWY_DYNAMIC_DISPATCH(count_numbers)(dtype, data, numbers(dtype, count));
}

void cast(Dtype from, Dtype to, const std::byte* in, std::size_t count, std::byte* out) {
  if (from == to) {
    std::memcpy(out, in, count * size_of(from));
    return;
  }
  if (through_float8(from, to)) return cast_float8(from, to, in, count, out);
  const auto function = HWY_DYNAMIC_DISPATCH(find_cast)(from, to);
  if (!function)
    throw Error(ErrorKind::unsupported, "cast", std::string(row(from).torch) + " to " + std::string(row(to).torch));
  function(in, numbers(from, count), out);
}

void round_to(Dtype dtype, float* values, std::size_t count) {
  if (dtype == Dtype::float32) return;
  std::array<std::byte, 2 * 256> narrow;
  for (std::size_t done = 0; done < count; done += 256) {
    const std::size_t n = std::min<std::size_t>(256, count - done);
    auto* bytes = reinterpret_cast<std::byte*>(values + done);
    cast(Dtype::float32, dtype, bytes, n, narrow.data());
    cast(dtype, Dtype::float32, narrow.data(), n, bytes);
  }
}

void swap_bytes(Dtype dtype, std::byte* data, std::size_t count) {
  const std::size_t parts = numbers(dtype, count);
  switch (count == 0 ? 1 : size_of(dtype) * count / parts) {
    case 2:
      return reverse_each<2>(data, parts);
    case 4:
      return reverse_each<4>(data, parts);
    case 8:
      return reverse_each<8>(data, parts);
    default:
      return;
  }
}

}  // namespace torch2mlx::weights
#endif
