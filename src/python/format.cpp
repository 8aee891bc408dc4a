#include "python/format.h"

#include <algorithm>
#include <optional>

namespace torch2mlx::python {
namespace {

// Calls `f(index, char)` outside of quotes.
template <class F>
void scan(std::string_view text, F&& f) {
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote) {
      if (c == '\\')
        ++i;
      else if (c == quote)
        quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else {
      f(i, c);
    }
  }
}

bool opens(char c) { return c == '(' || c == '[' || c == '{'; }
bool closes(char c) { return c == ')' || c == ']' || c == '}'; }

// The outermost bracket pair that closes last.
std::pair<std::size_t, std::size_t> last_brackets(std::string_view text) {
  std::pair<std::size_t, std::size_t> best{std::string_view::npos, 0};
  int depth = 0;
  std::size_t open = 0;
  scan(text, [&](std::size_t i, char c) {
    if (opens(c) && depth++ == 0) open = i;
    if (closes(c) && --depth == 0 && i > open + 1) best = {open, i};
  });
  return best;
}

}  // namespace

std::vector<std::string> split_commas(std::string_view text) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  int depth = 0;
  scan(text, [&](std::size_t i, char c) {
    if (opens(c)) ++depth;
    if (closes(c)) --depth;
    if (c != ',' || depth > 0) return;
    out.emplace_back(text.substr(begin, i - begin));
    begin = text.find_first_not_of(' ', i + 1);
    if (begin == std::string_view::npos) begin = text.size();
  });
  if (begin < text.size()) out.emplace_back(text.substr(begin));
  return out;
}

int nesting(std::string_view text) {
  int depth = 0, most = 0;
  scan(text, [&](std::size_t, char c) {
    if (opens(c)) most = std::max(most, ++depth);
    if (closes(c)) --depth;
  });
  return most;
}

namespace {

// "a, b = f(x)": the targets and the rest, if there are several targets.
std::optional<std::pair<std::string, std::string>> unpacking(std::string_view text) {
  const std::size_t equal = text.find(" = ");
  if (equal == std::string_view::npos || text.starts_with('(')) return std::nullopt;
  const std::string_view targets = text.substr(0, equal);
  if (targets.find(", ") == std::string_view::npos || targets.find('(') != std::string_view::npos) return std::nullopt;
  return std::pair(std::string(targets), std::string(text.substr(equal + 3)));
}

// Not one that stands within an item of a list.
bool is_comprehension(std::string_view inside) {
  int depth = 0;
  bool found = false;
  scan(inside, [&](std::size_t at, char c) {
    if (opens(c)) ++depth;
    if (closes(c)) --depth;
    found |= depth == 0 && inside.substr(at).starts_with(" for ");
  });
  return found;
}

}  // namespace

std::string statement(std::string_view text, std::size_t indent) {
  const std::string pad(indent, ' ');
  const std::string whole = pad + std::string(text) + "\n";
  if (whole.size() - 1 <= line_width) return whole;
  constexpr std::string_view returns = "return ";
  if (text.starts_with(returns) && split_commas(text.substr(returns.size())).size() > 1)
    return statement("return (" + std::string(text.substr(returns.size())) + ")", indent);
  const auto [open, close] = last_brackets(text);
  if (const auto parts = unpacking(text); parts && indent + std::min(open, text.size()) + 1 > line_width) {
    std::string lines = pad + "(\n";
    for (const std::string& target : split_commas(parts->first)) lines += pad + "    " + target + ",\n";
    std::string rest = statement("_ = " + parts->second, indent);
    return lines + rest.replace(indent, 1, ")");
  }
  if (open == std::string_view::npos) return whole;
  const std::string head = pad + std::string(text.substr(0, open + 1)) + "\n";
  const std::string tail = pad + std::string(text.substr(close)) + "\n";
  const std::string_view inside = text.substr(open + 1, close - open - 1);
  // Arguments share a line where they fit in one; members of a list display never do.
  const bool display = open == 0 || text[open - 1] == ' ' || text[open - 1] == '(' || text[open - 1] == '[';
  const bool comprehension = is_comprehension(inside);
  const std::vector<std::string> items = comprehension ? std::vector{std::string(inside)} : split_commas(inside);
  const bool members = display && items.size() > 1 && !comprehension;
  if (indent + 4 + inside.size() <= line_width && !members)
    return head + pad + "    " + std::string(inside) + "\n" + tail;
  std::string body;
  for (const std::string& item : items) body += statement(item + (items.size() == 1 ? "" : ","), indent + 4);
  return head + body + tail;
}

}  // namespace torch2mlx::python
