// Renders the constructor templates of table 3; the grammar stands in layers.h.
#include <optional>

#include "base/error.h"
#include "base/numbers.h"
#include "layers/layers.h"

namespace torch2mlx::layers {
namespace {

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// The parts of `text` between separators at the top level of braces.
std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
    if (text[i] == separator && depth == 0) {
      parts.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  parts.push_back(text.substr(begin));
  return parts;
}

// "(2, 2)" and "[2, 2]" -> "2": mlx.nn spreads one number over all axes. Anything else is unchanged.
std::string spread(std::string_view literal) {
  const bool tuple =
      (literal.starts_with('(') && literal.ends_with(')')) || (literal.starts_with('[') && literal.ends_with(']'));
  if (!tuple) return std::string(literal);
  std::optional<std::string_view> same;
  for (const auto part : split(literal.substr(1, literal.size() - 2), ',')) {
    const auto item = trim(part);
    if (item.empty() && same) continue;  // the comma of a 1-tuple
    if (!parse_number<double>(item) || (same && *same != item)) return std::string(literal);
    same = item;
  }
  return same ? std::string(*same) : std::string(literal);
}

class Renderer {
 public:
  Renderer(const Row& row, const ConstructorFacts& facts, bool complete)
      : row_(row), facts_(facts), complete_(complete) {}

  std::string text(std::string_view source) const {
    std::string out;
    while (!source.empty()) {
      const auto open = source.find('{');
      out += source.substr(0, open);
      if (open == std::string_view::npos) break;
      source.remove_prefix(open + 1);
      const auto size = closing(source);
      out += field(source.substr(0, size));
      source.remove_prefix(size + 1);
    }
    return out;
  }

 private:
  static std::size_t closing(std::string_view source) {
    int depth = 1;
    std::size_t i = 0;
    for (; i < source.size(); ++i) {
      depth += source[i] == '{' ? 1 : source[i] == '}' ? -1 : 0;
      if (depth == 0) break;
    }
    return i;
  }

  std::string field(std::string_view source) const {
    if (source.starts_with('?')) {
      const auto bar = source.find('|');
      const auto condition = source.substr(1, bar - 1), argument = source.substr(bar + 1);
      return holds(condition) ? text(argument) : complete_ ? left_out(condition, argument) : std::string();
    }
    for (const auto alternative : split(source, '|'))
      if (auto value = reference(alternative)) return *value;
    throw Error(ErrorKind::unsupported, std::string(row_.torch),
                "the constructor of " + std::string(row_.mlx) + " needs '" + std::string(source) +
                    "', which the layer does not tell");
  }

  // "stride!=1", ", stride={stride}" -> ", stride=1" between marks; nothing for other defaults than integers.
  static std::string left_out(std::string_view condition, std::string_view argument) {
    const auto differs = condition.find("!=");
    if (differs == std::string_view::npos) return {};
    const auto name = condition.substr(0, differs), value = condition.substr(differs + 2);
    const std::string field = "{" + std::string(name) + "}";
    const auto at = argument.find(field);
    if (at == std::string_view::npos || !parse_number<std::uint32_t>(value)) return {};
    const auto rest = argument.substr(at + field.size());
    return default_begins + std::string(argument.substr(0, at)) + std::string(value) + std::string(rest) + default_ends;
  }

  std::optional<std::string> reference(std::string_view source) const {
    const auto at = source.find(".shape[");
    if (at == std::string_view::npos) return attribute(source);
    const auto shape = facts_.shape(source.substr(0, at));
    if (!shape) return std::nullopt;
    const auto close = source.find(']');
    const auto range = split(source.substr(at + 7, close - at - 7), ':');
    const auto first = parse_number<std::size_t>(range[0]).value();
    const auto last = range.size() == 2 ? parse_number<std::size_t>(range[1]).value() : first + 1;
    if (last > shape->size()) return std::nullopt;
    if (range.size() == 1) return std::to_string((*shape)[first] * factor(source.substr(close + 1)));
    std::string tuple = "(";
    for (auto i = first; i < last; ++i) tuple += (i > first ? ", " : "") + std::to_string((*shape)[i]);
    return spread(tuple + ")");
  }

  std::int64_t factor(std::string_view source) const {
    if (!source.starts_with('*')) return 1;
    const auto value = attribute(source.substr(1));
    return value ? parse_number<std::int64_t>(*value).value_or(1) : 1;
  }

  std::optional<std::string> attribute(std::string_view name) const {
    auto value = facts_.attribute(name);
    return value ? std::optional(spread(*value)) : std::nullopt;
  }

  bool holds(std::string_view condition) const {
    for (const auto term : split(condition, '&'))
      if (!term_holds(term)) return false;
    return true;
  }

  bool term_holds(std::string_view term) const {
    const auto equals = term.find('=');
    if (equals == std::string_view::npos) return term.starts_with('!') ? !present(term.substr(1)) : present(term);
    const bool differs = equals > 0 && term[equals - 1] == '!';
    const auto left = attribute(term.substr(0, equals - (differs ? 1 : 0)));
    return left && same(*left, term.substr(equals + 1)) != differs;
  }

  bool present(std::string_view name) const { return facts_.shape(name) || facts_.attribute(name); }

  bool same(std::string_view left, std::string_view other) const {
    std::string right(other);
    if (!other.empty() && other.front() >= 'a' && other.front() <= 'z') right = attribute(other).value_or("");
    const auto a = parse_number<double>(left), b = parse_number<double>(right);
    return a && b ? *a == *b : left == right;
  }

  const Row& row_;
  const ConstructorFacts& facts_;
  const bool complete_;
};

}  // namespace

std::string constructor(const Row& row, const ConstructorFacts& facts, bool complete) {
  return std::string(row.mlx) + "(" + Renderer(row, facts, complete).text(row.constructor) + ")";
}

}  // namespace torch2mlx::layers
