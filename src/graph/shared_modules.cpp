#include "graph/shared_modules.h"

#include <tuple>
#include <utility>

namespace torch2mlx::graph {
namespace {

// "a.b" and "c" of "a.b.c".
std::pair<std::string_view, std::string_view> split(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == path.npos) return {std::string_view(), path};
  return {path.substr(0, dot), path.substr(dot + 1)};
}

// The innermost of `path` and the modules around it that is a key; end() if none is.
template <class Map>
auto around(const Map& map, std::string_view path) {
  for (;;) {
    const auto it = map.find(path);
    if (it != map.end() || path.empty()) return it;
    path = split(path).first;
  }
}

}  // namespace

SharedModules::SharedModules(std::span<const std::string> state_keys, const std::map<std::string, std::string>& tied,
                             std::span<const Module> modules) {
  if (tied.empty()) return;
  std::map<std::string, std::size_t, std::less<>> held;  // tensors in a module
  for (const std::string& key : state_keys)
    for (auto path = split(key).first; !path.empty(); path = split(path).first) ++held[std::string(path)];
  std::map<std::pair<std::string, std::string>, std::size_t> alike;  // (other name, first name) -> tensors of both
  for (const auto& [key, first] : tied) {
    auto [other, name] = split(key);
    auto [before, first_name] = split(first);
    while (name == first_name && !other.empty() && !before.empty() && other != before) {
      ++alike[{std::string(other), std::string(before)}];
      std::tie(other, name) = split(other);
      std::tie(before, first_name) = split(before);
    }
  }
  std::map<std::string_view, std::string_view> classes;
  for (const Module& module : modules) classes.emplace(module.path, module.class_name);
  for (const auto& [pair, count] : alike) {
    const auto& [other, before] = pair;
    const auto a = classes.find(other), b = classes.find(before);
    const bool same_class = a != classes.end() && b != classes.end() && a->second == b->second;
    if (count != held[other] || count != held[before] || (!same_class && !classes.empty())) continue;
    first_.emplace(other, before);
    names_.emplace(other, before);
    names_.emplace(before, before);
  }
}

std::string SharedModules::first(std::string_view path) const {
  const auto it = around(first_, path);
  if (it == first_.end()) return std::string(path);
  return it->second + std::string(path.substr(it->first.size()));
}

bool SharedModules::has(std::string_view path) const { return around(names_, path) != names_.end(); }

}  // namespace torch2mlx::graph
