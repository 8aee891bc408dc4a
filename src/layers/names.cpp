#include "layers/names.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <functional>

namespace torch2mlx::layers {
namespace {

constexpr std::string_view nameless = "underscore";  // of names that are nothing but underscores

// A name around its underscores.
struct Parts {
  std::size_t leading = 0, trailing = 0;
  std::string_view stem;
};

Parts parts_of(std::string_view name) {
  const auto begin = std::min(name.find_first_not_of('_'), name.size());
  if (begin == name.size()) return {begin, 0, {}};
  const auto end = name.find_last_not_of('_') + 1;
  return {begin, name.size() - end, name.substr(begin, end - begin)};
}

// May Python's int() read it? Digits of other scripts count, so whatever is not ASCII may.
bool is_integer(std::string_view stem) {
  const auto fits = [](char c) {
    return (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80 ||
           std::string_view("_+- \t\n\v\f\r").find(c) != std::string_view::npos;
  };
  return !list_index(stem) && std::ranges::all_of(stem, fits);
}

// Numbers that pairs are counted by, diagonal by diagonal: (0, 0), (1, 0), (0, 1), (2, 0) ...
std::size_t number_of(std::size_t leading, std::size_t trailing) {
  const std::size_t both = leading + trailing;
  return both * (both + 1) / 2 + trailing;
}

Parts pair_of(std::size_t number) {
  std::size_t both = 0;
  while (number > both) number -= ++both;
  return {both - number, number, {}};
}

std::string underscores(std::size_t count) { return std::string(count, '_'); }

std::string by_parts(std::string_view key, const std::function<std::string(std::string_view)>& change) {
  std::string changed;
  for (;;) {
    const auto dot = key.find('.');
    changed += change(key.substr(0, dot));
    if (dot == key.npos) return changed;
    changed += '.';
    key.remove_prefix(dot + 1);
  }
}

}  // namespace

std::string mlx_name(std::string_view name) {
  const Parts parts = parts_of(name);
  if (name.empty()) return {};
  if (parts.stem.empty()) return std::string(nameless) + underscores(2 * parts.leading - 1);
  std::size_t number = number_of(parts.leading, parts.trailing);
  if (parts.stem == nameless) number *= 2;
  if (is_integer(parts.stem)) ++number;
  return std::string(parts.stem) + underscores(number);
}

std::string torch_name(std::string_view name) {
  const auto [leading, trailing, stem] = parts_of(name);
  if (leading != 0 || stem.empty()) return std::string(name);
  std::size_t number = trailing;
  if (is_integer(stem)) {
    if (number == 0) return std::string(name);
    --number;
  }
  if (stem == nameless) {
    if (number % 2 == 1) return underscores((number + 1) / 2);
    number /= 2;
  }
  const Parts parts = pair_of(number);
  return underscores(parts.leading) + std::string(stem) + underscores(parts.trailing);
}

std::string mlx_key(std::string_view key) { return by_parts(key, mlx_name); }

std::string torch_key(std::string_view key) { return by_parts(key, torch_name); }

std::optional<std::size_t> list_index(std::string_view part) {
  constexpr std::size_t longest = 5;
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
  const bool whole = error == std::errc() && end == part.data() + part.size() && part.size() <= longest;
  return whole && (part == "0" || part[0] != '0') ? std::optional(index) : std::nullopt;
}

}  // namespace torch2mlx::layers
