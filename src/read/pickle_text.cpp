#include "read/pickle_text.h"

#include <charconv>

#include "base/numbers.h"

namespace torch2mlx {
namespace {

// `count` hexadecimal digits at `at`.
std::optional<std::uint32_t> hex(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  std::uint32_t value = 0;
  const char* last = text.data() + at + count;
  const auto result = std::from_chars(text.data() + at, last, value, 16);
  return result.ec == std::errc() && result.ptr == last ? std::optional(value) : std::nullopt;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto byte = [&](std::uint32_t value) { out += static_cast<char>(value); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      byte(0xE0 | code >> 12);
    } else {
      byte(0xF0 | code >> 18);
      byte(0x80 | (code >> 12 & 0x3F));
    }
    byte(0x80 | (code >> 6 & 0x3F));
  }
  byte(0x80 | (code & 0x3F));
}

// The character of a one-letter escape, or nothing.
std::optional<char> simple_escape(char letter) {
  switch (letter) {
    case '\\':
    case '\'':
    case '"':
      return letter;
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return std::nullopt;
  }
}

// What stands before `mark`, which is taken too.
std::optional<std::string_view> take_until(std::string_view& text, std::string_view mark) {
  const auto end = text.find(mark);
  if (end == text.npos) return std::nullopt;
  const std::string_view before = text.substr(0, end);
  text.remove_prefix(end + mark.size());
  return before;
}

}  // namespace

std::optional<std::int64_t> pickle_integer(std::string_view digits) {
  if (digits.ends_with('L')) digits.remove_suffix(1);
  return parse_number<std::int64_t>(digits);
}

std::optional<double> pickle_real(std::string_view digits) { return parse_number<double>(digits); }

std::optional<std::string> pickle_string(std::string_view quoted) {
  if (quoted.size() < 2 || quoted.front() != quoted.back() || (quoted[0] != '\'' && quoted[0] != '"'))
    return std::nullopt;
  const std::string_view text = quoted.substr(1, quoted.size() - 2);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
    } else if (++i == text.size()) {
      return std::nullopt;
    } else if (const auto simple = simple_escape(text[i])) {
      out += *simple;
    } else {
      const auto value = text[i] == 'x' ? hex(text, i + 1, 2) : std::nullopt;
      if (!value) return std::nullopt;
      out += static_cast<char>(*value);
      i += 2;
    }
  }
  return out;
}

std::optional<std::string> pickle_unicode(std::string_view escaped) {
  std::string out;
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    const bool escape =
        escaped[i] == '\\' && i + 1 < escaped.size() && (escaped[i + 1] == 'u' || escaped[i + 1] == 'U');
    if (!escape) {
      append_utf8(out, static_cast<unsigned char>(escaped[i]));
      continue;
    }
    const std::size_t digits = escaped[i + 1] == 'u' ? 4 : 8;
    const auto code = hex(escaped, i + 2, digits);
    if (!code || *code > 0x10FFFF) return std::nullopt;
    append_utf8(out, *code);
    i += 1 + digits;
  }
  return out;
}

std::optional<TextStorageId> pickle_storage_id(std::string_view text) {
  const auto start = take_until(text, "('storage', <class '");
  const auto type = take_until(text, "'>, '"), key = take_until(text, "', '"), location = take_until(text, "', ");
  const bool viewless = text.ends_with(", None)");
  const auto elements = take_until(text, viewless ? ", None)" : ")");
  const auto dot = type ? type->rfind('.') : std::string_view::npos;
  if (!start || !start->empty() || dot == std::string_view::npos || !key || !location || !elements || !text.empty())
    return std::nullopt;
  const auto count = pickle_integer(*elements);
  if (!count) return std::nullopt;
  return TextStorageId{type->substr(0, dot), type->substr(dot + 1), *key, *location, *count, viewless};
}

}  // namespace torch2mlx
