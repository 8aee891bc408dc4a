#include "read/pickle_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "read/bytes.h"
#include "read/pickle_rows.h"

namespace torch2mlx {
namespace {

// Modules that stand for themselves wherever a name says that another one has them: torch.os.system.
constexpr std::array notorious = std::to_array<std::string_view>(
    {"builtins", "ctypes", "importlib", "marshal", "nt", "os", "posix", "pty", "runpy", "shutil", "subprocess", "sys"});

bool is_identifier(std::string_view part) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !part.empty() && letter(part[0]) &&
         std::ranges::all_of(part, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

bool is_dotted(std::string_view text) {
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!is_identifier(text.substr(0, dot))) return false;
    if (dot == text.npos) return true;
    text.remove_prefix(dot + 1);
  }
}

// __import__, __reduce__, __class__ and the like, at any place of a dotted name.
bool has_dunder(std::string_view name) {
  for (;;) {
    const std::size_t dot = name.find('.');
    const std::string_view part = name.substr(0, dot);
    if (part.size() > 4 && part.starts_with("__") && part.ends_with("__")) return true;
    if (dot == name.npos) return false;
    name.remove_prefix(dot + 1);
  }
}

std::string_view modern_module(std::string_view module) {
  if (module == "__builtin__") return "builtins";
  if (module == "copy_reg") return "copyreg";
  return module;
}

[[noreturn]] void refuse_name(const std::string& place, std::string_view what, std::string_view why) {
  refuse(place, fmt::format("global {} is refused: it runs code or touches the system ({})", what, why));
}

// Why `full` is refused, or another name that it hides: an attribute that is reached through a module, class or
// function is as good as itself. `name` is the end of `full` that names attributes.
std::string_view reason_within(std::string_view full, std::string_view name) {
  if (const auto why = reason_against(full); !why.empty()) return why;
  for (std::size_t at = 0, dot = full.find('.', at); dot != full.npos; at = dot + 1, dot = full.find('.', at)) {
    const bool attribute = at >= full.size() - name.size();
    if (at == 0 && !attribute) continue;
    if (!attribute && std::ranges::find(notorious, full.substr(at, dot - at)) == notorious.end()) continue;
    if (const auto why = reason_against(full.substr(at)); !why.empty()) return why;
  }
  return {};
}

}  // namespace

std::string checked_global(std::string_view module, std::string_view name, const std::string& place) {
  std::string full = fmt::format("{}.{}", modern_module(module), name);
  // "<locals>" belongs to classes of functions; a name made to look like another is an attack.
  if (!is_dotted(full)) refuse(place, fmt::format("global '{}' is not a Python name", printable(full)));
  const std::string quoted = fmt::format("'{}'", full);
  if (has_dunder(name)) refuse_name(place, quoted, "reaches into the interpreter");
  if (const auto why = reason_within(full, name); !why.empty()) refuse_name(place, quoted, why);
  if (full.starts_with("torch._") && name.find('.') != name.npos)
    refuse(place, fmt::format("global '{}' is refused: an attribute of a private function", full));
  return full;
}

std::string checked_attribute(std::string_view owner, std::string_view name, const std::string& place) {
  std::string full = owner.empty() ? std::string(name) : fmt::format("{}.{}", owner, name);
  const std::string what = fmt::format("'builtins.getattr' of '{}'", printable(full));
  if (!is_identifier(name) || has_dunder(name)) refuse_name(place, what, "reaches into the interpreter");
  if (owner.empty()) return full;
  // The owner itself may be a module that another one imported: getattr(torch.os, "system").
  const std::string_view last = std::string_view(full).substr(owner.rfind('.') + 1);
  if (const auto why = reason_within(full, last); !why.empty()) refuse_name(place, what, why);
  return full;
}

}  // namespace torch2mlx
