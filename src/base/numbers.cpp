#include "base/numbers.h"

#include <fast_float/fast_float.h>

#include <cmath>

namespace torch2mlx {

std::optional<RealAhead> real_ahead(std::string_view text) {
  const auto may_begin = [](char c) { return c != '+' && (static_cast<unsigned char>(c) > ' '); };
  if (text.empty() || !may_begin(text.front())) return std::nullopt;  // some versions of fast_float skip these
  double value = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = fast_float::from_chars(text.data(), last, value);
  if (error == std::errc::invalid_argument || end == text.data()) return std::nullopt;
  const std::string_view read = text.substr(0, static_cast<std::size_t>(end - text.data()));
  // Versions differ in whether they call it an error, not in the value.
  const bool has_digits = read.find_first_of("0123456789") != read.npos;
  if (std::isinf(value) && has_digits) return std::nullopt;
  return RealAhead{value, read.size()};
}

}  // namespace torch2mlx
