#include "graph/import_scopes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace torch2mlx::graph::import {
namespace {

std::string_view cut(std::string_view& text, std::string_view separator) {
  const std::size_t end = text.find(separator);
  const std::string_view head = text.substr(0, end);
  text = end == text.npos ? std::string_view() : text.substr(end + separator.size());
  return head;
}

// Paths are written as in Python: a call of the same module later is "layer@1", a list's item "layer.0" or
// "layer['0']".
int take_call(std::string& path) {
  const std::size_t at = path.rfind('@');
  if (at == path.npos) return 0;
  int call = 0;
  std::from_chars(path.data() + at + 1, path.data() + path.size(), call);
  path.resize(at);
  return call;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

// "File \"/path/x.py\", line 84, in forward\n    code\n  File ...": innermost frame last.
std::vector<Place> frames(const Json& metadata) {
  const auto it = metadata.find("stack_trace");
  if (it == metadata.end() || !it->is_string()) return {};
  const std::string trace = it->get<std::string>();
  std::vector<Place> found;
  for (std::string_view rest = trace; rest.find("File \"") != rest.npos;) {
    cut(rest, "File \"");
    Place frame;
    frame.file = cut(rest, "\"");
    cut(rest, "line ");
    std::from_chars(rest.data(), rest.data() + rest.size(), frame.line);
    cut(rest, "\n");
    std::string_view code = rest;
    frame.code = trim(cut(code, "\n"));
    if (!frame.file.starts_with("<eval_with_key>")) found.push_back(std::move(frame));  // else the tracer made it
  }
  return found;
}

// Does a line of code call the module? Those in lists are called by any name.
bool calls(std::string_view code, std::string_view path) {
  const std::string_view name = path.substr(path.rfind('.') + 1);
  return name.find_first_not_of("0123456789") == name.npos || code.find(std::string(name) + "(") != code.npos;
}

}  // namespace

std::uint32_t Scopes::child(std::uint32_t parent, const std::string& path, const std::string& class_name, int call) {
  const auto [it, fresh] =
      children_.try_emplace({parent, path, call}, static_cast<std::uint32_t>(graph_.scopes.size()));
  if (fresh) graph_.scopes.push_back({path, class_name, call, parent});
  return it->second;
}

void Scopes::unify(std::string& path, int& call) {
  if (!shared_.has(path)) return;
  std::string first = shared_.first(path);
  const auto [it, fresh] = calls_.try_emplace({path, call}, 0);
  if (fresh) it->second = counts_[first]++;
  call = it->second;
  path = std::move(first);
}

// "L__self__,,pkg.Model;L__self___layer_0,layer.0,pkg.Layer": key, path and class of each module, outermost first.
std::uint32_t Scopes::of(const Json& metadata) {
  const auto it = metadata.find("nn_module_stack");
  if (it == metadata.end() || !it->is_string()) return 0;
  const std::string stack = it->get<std::string>();
  if (stack.starts_with("_empty_nn_module_stack")) return 0;
  const auto [known, fresh] = by_stack_.try_emplace(stack, 0);
  if (!fresh) return known->second;
  std::uint32_t scope = 0;
  std::vector<std::uint32_t> entered;
  for (std::string_view rest = stack; !rest.empty();) {
    std::string_view entry = cut(rest, ";");
    cut(entry, ",");
    std::string path(cut(entry, ","));
    int call = take_call(path);
    unify(path, call);
    if (path.empty())
      graph_.scopes[0].class_name = entry;
    else
      scope = child(scope, path, std::string(entry), call);
    entered.push_back(scope);
  }
  // One frame a forward(): the one outside of a module's own has the line that calls it, unless another function does.
  if (std::vector<Place> lines = frames(metadata); lines.size() == entered.size())
    for (std::size_t i = 1; i < entered.size(); ++i) {
      Scope& module = graph_.scopes[entered[i]];
      if (module.place.file.empty() && calls(lines[i - 1].code, module.path)) module.place = std::move(lines[i - 1]);
    }
  return known->second = scope;
}

void Scopes::add_modules() const {
  std::map<std::string, bool> known;
  for (const Module& module : graph_.modules) known[module.path] = true;
  for (const Scope& scope : graph_.scopes)
    if (!scope.class_name.empty() && known.try_emplace(scope.path, true).second)
      graph_.modules.push_back({scope.path, scope.class_name, {}});
}

Place place(const Json& metadata) {
  Place found;
  for (Place& frame : frames(metadata))  // torch's own layers say nothing about the user's model
    if (found.file.empty() || frame.file.find("/torch/nn/") == frame.file.npos) found = std::move(frame);
  return found;
}

}  // namespace torch2mlx::graph::import
