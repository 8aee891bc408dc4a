#include "read/torch_script.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/numbers.h"
#include "read/bytes.h"

namespace torch2mlx {
namespace {

constexpr std::string_view root_class = "__torch__";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// Parts of "[a, b, ]" and "(a, b)".
std::vector<std::string_view> items(std::string_view list) {
  std::vector<std::string_view> out;
  list = list.substr(1, list.size() - 2);
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    if (const auto item = trimmed(list.substr(0, comma)); !item.empty()) out.push_back(item);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return out;
}

bool is_within(std::string_view text, char open, char close) {
  return text.size() >= 2 && text.front() == open && text.back() == close;
}

std::optional<Attribute> literal(std::string_view text) {
  if (text == "True" || text == "False") return Attribute(text == "True");
  if (is_within(text, '"', '"')) return Attribute(std::string(text.substr(1, text.size() - 2)));
  if (const auto whole = parse_number<std::int64_t>(text)) return Attribute(*whole);
  if (const auto real = parse_number<double>(text)) return Attribute(*real);
  if (!is_within(text, '(', ')')) return std::nullopt;
  std::vector<std::int64_t> values;
  for (const std::string_view item : items(text)) {
    const auto value = parse_number<std::int64_t>(item);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return Attribute(std::move(values));
}

// "__parameters__ = ["weight", ]" and "groups : Final[int] = 1" of a class's body.
void read_line(std::string_view line, ScriptClass& into) {
  const auto equals = line.find(" = ");
  if (equals == line.npos) return;
  const std::string_view left = trimmed(line.substr(0, equals)), right = trimmed(line.substr(equals + 3));
  if (left == "__parameters__" || left == "__buffers__") {
    if (!is_within(right, '[', ']')) return;
    for (const std::string_view item : items(right))
      if (is_within(item, '"', '"')) into.tensors.emplace_back(item.substr(1, item.size() - 2));
  } else if (const auto final = left.find(" : Final["); final != left.npos) {
    if (auto value = literal(right)) into.attributes.emplace(left.substr(0, final), std::move(*value));
  }
}

void read_code(std::string_view code, const std::string& module, std::map<std::string, ScriptClass>& classes) {
  ScriptClass* current = nullptr;
  while (!code.empty()) {
    const auto end = std::min(code.find('\n'), code.size());
    const std::string_view line = code.substr(0, end);
    code.remove_prefix(std::min(end + 1, code.size()));
    if (line.starts_with("class ")) {
      const auto bracket = line.find("(Module):");
      current =
          bracket == line.npos ? nullptr : &classes[fmt::format("{}.{}", module, trimmed(line.substr(6, bracket - 6)))];
    } else if (line.starts_with("  def ") || (!line.empty() && line[0] != ' ')) {
      current = nullptr;  // the body's declarations end where its functions begin
    } else if (current) {
      read_line(line, *current);
    }
  }
}

}  // namespace

std::map<std::string, ScriptClass> script_classes(const ZipArchive& archive, std::string_view root) {
  const std::string folder = fmt::format("{}/code/", root);
  std::map<std::string, ScriptClass> classes;
  for (const ZipEntry& entry : archive.entries()) {
    if (!entry.name.starts_with(folder) || !entry.name.ends_with(".py")) continue;
    std::string module(entry.name.substr(folder.size(), entry.name.size() - folder.size() - 3));
    std::ranges::replace(module, '/', '.');
    read_code(as_text(archive.read_checked(entry)->bytes), module, classes);
  }
  return classes;
}

std::string compiled_class(std::string_view name) {
  if (!name.starts_with(root_class) || name.size() <= root_class.size()) return std::string(name);
  name.remove_prefix(root_class.size() + 1);
  std::string plain;
  while (!name.empty()) {
    const auto dot = std::min(name.find('.'), name.size());
    const std::string_view part = name.substr(0, dot);
    if (!part.starts_with("___torch_mangle_")) plain += fmt::format("{}{}", plain.empty() ? "" : ".", part);
    name.remove_prefix(std::min(dot + 1, name.size()));
  }
  return plain;
}

}  // namespace torch2mlx
