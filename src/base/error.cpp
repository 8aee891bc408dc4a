#include "base/error.h"

#include <fmt/format.h>

#include <utility>

namespace torch2mlx {
namespace {

std::string one_line(std::string_view place, std::string_view message, std::string_view hint) {
  std::string text = place.empty() ? std::string(message) : fmt::format("{}: {}", place, message);
  if (!hint.empty()) text += fmt::format(" (hint: {})", hint);
  return text;
}

// Length of the well-formed UTF-8 sequence at `text[i]`, 0 if there is none.
std::size_t utf8_length(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[k]); };
  const unsigned char lead = byte(i);
  const std::size_t n = lead < 0x80                   ? 1
                        : lead >= 0xC2 && lead < 0xE0 ? 2
                        : lead >= 0xE0 && lead < 0xF0 ? 3
                        : lead >= 0xF0 && lead < 0xF5 ? 4
                                                      : 0;
  if (n == 0 || i + n > text.size()) return 0;
  for (std::size_t k = 1; k < n; ++k)
    if ((byte(i + k) & 0xC0) != 0x80) return 0;
  return n;
}

}  // namespace

Error::Error(ErrorKind kind, std::string place, std::string message, std::string hint, std::vector<std::string> details)
    : std::runtime_error(one_line(place, message, hint)),
      kind_(kind),
      place_(std::move(place)),
      message_(std::move(message)),
      hint_(std::move(hint)),
      details_(std::move(details)) {}

Error Error::within(std::string_view outer) const {
  return Error(kind_, place_.empty() ? std::string(outer) : fmt::format("{}: {}", outer, place_), message_, hint_,
               details_);
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (out.size() >= limit) return out + "...";
    const std::size_t n = utf8_length(text, i);
    const unsigned char c = static_cast<unsigned char>(text[i]);
    // C0, DEL and C1 controls would reach the terminal as commands.
    const bool control =
        c < 0x20 || c == 0x7F || (n == 2 && c == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0);
    if (n == 0 || control) {
      out += fmt::format("\\x{:02x}", c);
      ++i;
    } else {
      out += text.substr(i, n);
      i += n;
    }
  }
  return out;
}

}  // namespace torch2mlx
