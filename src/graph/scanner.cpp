#include "graph/scanner.h"

#include <fmt/format.h>

#include <cctype>
#include <limits>

#include "base/error.h"
#include "base/numbers.h"

namespace torch2mlx::graph {
namespace {
bool word_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.'; }
bool digit(char c) { return c >= '0' && c <= '9'; }
}  // namespace

void Scanner::fail(std::string message) const {
  throw Error(ErrorKind::input, fmt::format("line {}, column {}", number_, at_ + 1), std::move(message));
}

bool Scanner::next_line() {
  while (!rest_.empty()) {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    line_ = rest_.substr(0, end);
    rest_ = rest_.substr(std::min(end + 1, rest_.size()));
    ++number_;
    at_ = 0;
    if (!at_end()) return true;
  }
  return false;
}

void Scanner::skip() {
  while (at_ < line_.size() && (line_[at_] == ' ' || line_[at_] == '\t' || line_[at_] == '\r')) ++at_;
}

bool Scanner::at_end() {
  skip();
  // "#0" after a scope is its call; a comment's '#' is followed by something else.
  return at_ == line_.size() || (line_[at_] == '#' && !(at_ + 1 < line_.size() && digit(line_[at_ + 1])));
}

void Scanner::end_of_line() {
  if (!at_end()) fail(fmt::format("'{}' is not understood here", printable(line_.substr(at_))));
}

bool Scanner::take(std::string_view token) {
  skip();
  if (line_.substr(at_, token.size()) != token) return false;
  at_ += token.size();
  return true;
}

bool Scanner::keyword(std::string_view word) {
  skip();
  if (line_.substr(at_, word.size()) != word) return false;
  if (at_ + word.size() < line_.size() && word_char(line_[at_ + word.size()])) return false;
  // A value may be called like a keyword: `scope = add(x, 1)`.
  Scanner after = *this;
  after.at_ += word.size();
  after.skip();
  if (after.at_ < line_.size() && (line_[after.at_] == ':' || (line_[after.at_] == '=' && word != "permute")))
    return false;
  at_ += word.size();
  return true;
}

void Scanner::expect(std::string_view token) {
  if (!take(token)) fail(fmt::format("expected '{}'", token));
}

bool Scanner::ahead(char c) {
  skip();
  return at_ < line_.size() && line_[at_] == c;
}

bool Scanner::digit_ahead() {
  skip();
  return at_ < line_.size() && digit(line_[at_]);
}

bool Scanner::number_ahead() {
  skip();
  const std::string_view text = line_.substr(at_);
  return !text.empty() && (digit(text[0]) || (text[0] == '-' && text.size() > 1 && (digit(text[1]) || text[1] == 'i')));
}

bool Scanner::word_ahead() {
  skip();
  return at_ < line_.size() && (std::isalpha(static_cast<unsigned char>(line_[at_])) || line_[at_] == '_');
}

bool Scanner::assignment_ahead() {
  do {
    if (!word_ahead()) return false;
    word("a name");
  } while (take(","));
  return ahead('=');
}

std::string Scanner::word(std::string_view wanted) {
  if (!word_ahead()) fail(fmt::format("expected {}", wanted));
  const std::size_t start = at_;
  while (at_ < line_.size() && word_char(line_[at_])) ++at_;
  return std::string(line_.substr(start, at_ - start));
}

std::string Scanner::string() {
  expect("\"");
  std::string out;
  for (; at_ < line_.size() && line_[at_] != '"'; ++at_) {
    if (line_[at_] == '\\' && at_ + 1 < line_.size()) {
      ++at_;
      if (std::string_view("\"\\n").find(line_[at_]) == std::string_view::npos) fail("no such escape in a string");
      out += line_[at_] == 'n' ? '\n' : line_[at_];
    } else {
      out += line_[at_];
    }
  }
  expect("\"");
  return out;
}

std::int64_t Scanner::integer() {
  const Arg value = number();
  if (!value.is<std::int64_t>()) fail("expected an integer");
  return value.as<std::int64_t>();
}

Arg Scanner::number() {
  skip();
  if (take("-inf")) return -std::numeric_limits<double>::infinity();
  std::size_t end = at_;
  bool real = false;
  while (end < line_.size()) {
    const char c = line_[end];
    const bool exponent_sign = (c == '+' || c == '-') && end > at_ && (line_[end - 1] == 'e' || line_[end - 1] == 'E');
    const bool point = c == '.' && !(end + 1 < line_.size() && line_[end + 1] == '.');  // not the `..` of a range
    if (!digit(c) && !(c == '-' && end == at_) && !point && c != 'e' && c != 'E' && !exponent_sign) break;
    real = real || point || c == 'e' || c == 'E';
    ++end;
  }
  const std::string_view text = line_.substr(at_, end - at_);
  const auto read = [&](auto value) -> Arg {
    const auto number = parse_number<decltype(value)>(text);
    if (!number) fail("expected a number");
    return *number;
  };
  const Arg value = real ? read(double{}) : read(std::int64_t{});
  at_ = end;
  return value;
}

std::string Scanner::until(std::string_view stops) {
  skip();
  const std::size_t start = at_;
  at_ = std::min(line_.find_first_of(stops, at_), line_.size());
  std::string_view text = line_.substr(start, at_ - start);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return std::string(text);
}

std::string Scanner::until_unnested(std::string_view stops) {
  skip();
  const std::size_t start = at_;
  for (int depth = 0; at_ < line_.size(); ++at_) {
    if (depth == 0 && stops.find(line_[at_]) != stops.npos) break;
    depth += line_[at_] == '(' ? 1 : line_[at_] == ')' ? -1 : 0;
  }
  return std::string(line_.substr(start, at_ - start));
}

}  // namespace torch2mlx::graph
