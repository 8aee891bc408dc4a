// Small tools of every reader of foreign bytes: little-endian loads, products and sums that cannot wrap, refusals.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace torch2mlx {

using Bytes = std::span<const std::byte>;

// The caller has checked that sizeof(T) bytes follow `at`.
template <std::unsigned_integral T>
T load_little(Bytes bytes, std::size_t at) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    value = static_cast<T>(value | static_cast<T>(std::to_integer<T>(bytes[at + i]) << (8 * i)));
  return value;
}

inline std::string_view as_text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

inline std::optional<std::uint64_t> multiply(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? std::nullopt : std::optional(product);
}

// True if [offset, offset + size) lies in [0, limit).
inline bool lies_within(std::uint64_t offset, std::uint64_t size, std::uint64_t limit) {
  return offset <= limit && size <= limit - offset;
}

[[noreturn]] inline void refuse(std::string place, std::string message, std::string hint = {}) {
  throw Error(ErrorKind::input, std::move(place), std::move(message), std::move(hint));
}

}  // namespace torch2mlx
