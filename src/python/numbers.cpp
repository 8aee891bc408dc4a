#include "python/numbers.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "layers/layers.h"

namespace torch2mlx::python {
namespace {

bool word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '#'; }
bool digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// A bracket that is open, with the name before it and the commas seen inside.
struct Open {
  std::string callee;
  std::size_t commas = 0;
};

}  // namespace

std::vector<Number> numbers_in(std::string_view text) {
  std::vector<Number> numbers;
  std::vector<Open> open;
  std::string last, keyword;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote) {
      if (c == '\\')
        ++i;
      else if (c == quote)
        quote = 0;
      continue;
    }
    if (c == '"')
      quote = c;
    else if (c == '(' || c == '[' || c == '{')
      open.push_back({std::exchange(last, {}), 0});
    else if ((c == ')' || c == ']' || c == '}') && !open.empty())
      open.pop_back();
    else if (c == ',' && !open.empty())
      ++open.back().commas, keyword.clear();
    else if (c == '=')
      keyword = std::exchange(last, {});
    else if (c == '\n')
      keyword.clear();
    if (!word(c)) continue;
    const std::size_t begin = i;
    while (i + 1 < text.size() &&
           (word(text[i + 1]) || ((text[i + 1] == '-' || text[i + 1] == '+') && text[i] == 'e' && digit(text[begin]))))
      ++i;
    last = text.substr(begin, i + 1 - begin);
    if (last.find_first_not_of("0123456789") != std::string::npos) continue;
    std::string role = !keyword.empty() && keyword.find('.') == std::string::npos ? keyword : std::string();
    if (role.empty() && !open.empty()) role = open.back().callee + " " + std::to_string(open.back().commas);
    numbers.push_back({begin, last, role});
  }
  return numbers;
}

std::string without_numbers(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  for (const Number& number : numbers_in(text)) {
    out += std::string(text.substr(at, number.at - at)) + "<>";
    at = number.at + number.digits.size();
  }
  out += text.substr(at);
  std::erase_if(out, [](char c) { return c == layers::default_begins || c == layers::default_ends; });
  return out;
}

std::string without_defaults(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = std::min(text.find(layers::default_begins, at), text.size());
    out += text.substr(at, begin - at);
    if (begin == text.size()) break;
    const std::size_t end = text.find(layers::default_ends, begin);
    const std::string_view argument = text.substr(begin + 1, end - begin - 1);
    if (numbers_in(argument).empty()) out += argument;
    at = end + 1;
  }
  return out;
}

std::vector<std::string> with_parameters(std::vector<std::string> lines,
                                         const std::map<std::size_t, std::string>& names) {
  std::size_t ordinal = 0;
  for (std::string& line : lines) {
    std::string out;
    std::size_t at = 0;
    for (const Number& number : numbers_in(line)) {
      const auto it = names.find(ordinal++);
      out += line.substr(at, number.at - at) + (it == names.end() ? number.digits : it->second);
      at = number.at + number.digits.size();
    }
    line = out + line.substr(at);
  }
  return lines;
}

}  // namespace torch2mlx::python
