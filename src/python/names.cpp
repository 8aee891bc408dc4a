#include "python/names.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace torch2mlx::python {
namespace {

constexpr std::array<std::string_view, 35> keywords{
    "False",  "None",     "True", "and",    "as",   "assert", "async",   "await",  "break", "class",  "continue", "def",
    "del",    "elif",     "else", "except", "for",  "from",   "finally", "global", "if",    "import", "in",       "is",
    "lambda", "nonlocal", "not",  "or",     "pass", "raise",  "return",  "try",    "while", "with",   "yield"};
// Names that a local variable must not hide.
constexpr std::array<std::string_view, 34> builtins{
    "abs",  "all",   "any",   "bin",   "bool", "bytes", "dict", "dir",   "eval",  "exec", "filter", "float",
    "hash", "id",    "input", "int",   "iter", "len",   "list", "map",   "max",   "min",  "next",   "object",
    "pow",  "print", "range", "round", "set",  "slice", "sum",  "super", "tuple", "type"};

bool word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

std::string_view stripped(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool is_identifier(std::string_view text) {
  return !text.empty() && !std::isdigit(static_cast<unsigned char>(text[0])) && std::ranges::all_of(text, word) &&
         std::ranges::find(keywords, text) == keywords.end();
}

std::string identifier(std::string_view text) {
  std::string out;
  for (char c : text) out += word(c) ? c : '_';
  while (out.starts_with("__")) out.erase(0, 1);
  if (out.empty() || out == "_" || std::isdigit(static_cast<unsigned char>(out[0]))) out.insert(0, "x");
  const bool reserved = std::ranges::find(keywords, out) != keywords.end() ||
                        std::ranges::find(builtins, out) != builtins.end() || out == "mx" || out == "nn" ||
                        out == "self";
  return reserved ? out + "_" : out;
}

std::string last_part(std::string_view dotted) { return std::string(dotted.substr(dotted.rfind('.') + 1)); }

std::string camel_case(std::string_view text) {
  std::string out;
  bool upper = true;
  for (char c : text) {
    if (c == '_')
      upper = true;
    else
      out += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c, upper = false;
  }
  return out;
}

std::vector<std::string> parts(std::string_view dotted) {
  std::vector<std::string> out;
  while (!dotted.empty()) {
    const std::size_t end = std::min(dotted.find('.'), dotted.size());
    out.emplace_back(dotted.substr(0, end));
    dotted.remove_prefix(std::min(end + 1, dotted.size()));
  }
  return out;
}

bool under(std::string_view path, std::string_view ancestor) {
  if (ancestor.empty()) return !path.empty();
  return path.size() > ancestor.size() && path.starts_with(ancestor) && path[ancestor.size()] == '.';
}

std::string join(std::string_view path, std::string_view name) {
  return path.empty() ? std::string(name) : std::string(path) + "." + std::string(name);
}

std::vector<std::string> assigned_names(std::string_view code) {
  std::vector<std::string> names;
  std::size_t at = 0;
  while (true) {
    const std::size_t end = std::min(code.find_first_of(",=:+-*/@ ", at), code.size());
    const std::string_view name = code.substr(at, end - at);
    if (!is_identifier(name)) return {};
    names.emplace_back(name);
    at = std::min(code.find_first_not_of(' ', end), code.size());
    if (at < code.size() && code[at] == ',') {
      at = std::min(code.find_first_not_of(' ', at + 1), code.size());
      continue;
    }
    break;
  }
  std::string_view rest = stripped(code.substr(at));
  if (rest.starts_with(':') && names.size() == 1 && rest.find('=') != std::string_view::npos)
    rest = rest.substr(rest.find('='));
  if (!rest.empty() && std::string_view("+-*/@").find(rest[0]) != std::string_view::npos) rest.remove_prefix(1);
  if (!rest.starts_with('=') || rest.starts_with("==")) return {};
  return names;
}

bool is_users(const graph::Place& place) {
  return !place.code.empty() && place.file.find("/torch/") == std::string::npos;
}

std::string NamePool::take(const std::string& wanted) {
  std::string name = wanted;
  for (int i = 2; !free(name); ++i) name = wanted + (wanted.back() == '_' ? "" : separator_) + std::to_string(i);
  reserve(name);
  return name;
}

}  // namespace torch2mlx::python
