// Numbers from text: the same ones under every locale and standard library (libc++ has no std::from_chars for double).
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string_view>

namespace torch2mlx {

struct RealAhead {
  double value;
  std::size_t length;  // characters of the text
};

// The decimal number that `text` begins with, as long as possible: "-1.5e3", "inf", "nan". Nothing where none begins,
// or where it is beyond double's range; what is too small for a double is 0.
std::optional<RealAhead> real_ahead(std::string_view text);

// All of `text` as a number; nothing if it is no number, if more follows, or if it is beyond the type's range.
template <std::integral Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  return error == std::errc{} && end == last ? std::optional(value) : std::nullopt;
}

template <std::same_as<double> Number>
std::optional<Number> parse_number(std::string_view text) {
  const auto real = real_ahead(text);
  return real && real->length == text.size() ? std::optional(real->value) : std::nullopt;
}

}  // namespace torch2mlx
