#include "read/wrapped_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <unordered_set>

#include "read/bytes.h"

namespace torch2mlx {
namespace {

struct Wrapper {
  std::string_view name, of;
};
constexpr std::array wrappers{Wrapper{"_orig_mod", "torch.compile"}, Wrapper{"_fsdp_wrapped_module", "FSDP"},
                              Wrapper{"_checkpoint_wrapped_module", "activation checkpointing"}};

// "a._orig_mod.b" -> "a.b"; of a path also "a._orig_mod" -> "a".
std::string without(std::string_view wrapper, std::string name) {
  for (std::size_t at = name.find(wrapper); at != name.npos; at = name.find(wrapper, at)) {
    const std::size_t end = at + wrapper.size();
    const bool whole = (at == 0 || name[at - 1] == '.') && (end == name.size() || name[end] == '.');
    if (!whole)
      at = end;
    else if (end < name.size())
      name.erase(at, wrapper.size() + 1);
    else
      name.erase(at == 0 ? 0 : at - 1);
    if (at >= name.size()) break;
  }
  return name;
}

std::string without_module(std::string name) {
  if (name == "module") return {};
  return name.starts_with("module.") ? name.substr(7) : name;
}

bool all_wrapped(const Checkpoint& checkpoint) {
  return !checkpoint.tensors.empty() &&
         std::ranges::all_of(checkpoint.tensors, [](const Tensor& t) { return t.name.starts_with("module."); });
}

// Renames every key and path; how many keys changed.
std::size_t rename(Checkpoint& checkpoint, const std::function<std::string(std::string)>& change) {
  std::size_t changed = 0;
  std::unordered_set<std::string> names;
  for (Tensor& tensor : checkpoint.tensors) {
    std::string name = change(tensor.name);
    changed += name != tensor.name;
    if (!names.insert(name).second)
      refuse(fmt::format("tensor '{}'", printable(tensor.name)),
             fmt::format("without its wrapper it would be '{}', which there is already", printable(name)));
    tensor.name = std::move(name);
  }
  for (Module& module : checkpoint.modules) module.path = change(module.path);
  return changed;
}

}  // namespace

void unwrap_names(Checkpoint& checkpoint) {
  const auto say = [&](std::size_t count, std::string_view wrapper) {
    if (count != 0) checkpoint.notes.push_back(fmt::format("{} keys without the {}", count, wrapper));
  };
  for (const Wrapper& wrapper : wrappers)
    if (std::ranges::any_of(checkpoint.tensors, [&](const Tensor& tensor) {
          return std::string_view(tensor.name).find(wrapper.name) != std::string_view::npos;
        }))
      say(rename(checkpoint, [&](std::string name) { return without(wrapper.name, std::move(name)); }),
          fmt::format("'{}.' of {}", wrapper.name, wrapper.of));
  std::size_t wrapped = 0;
  while (all_wrapped(checkpoint)) wrapped = rename(checkpoint, without_module);
  say(wrapped, "'module.' of DataParallel");
  // A wrapper and what it wraps are two modules of one path: the inner one is the model.
  std::unordered_set<std::string> seen;
  std::vector<Module> kept;
  for (auto module = checkpoint.modules.rbegin(); module != checkpoint.modules.rend(); ++module)
    if (seen.insert(module->path).second) kept.push_back(std::move(*module));
  std::ranges::reverse(kept);
  checkpoint.modules = std::move(kept);
}

}  // namespace torch2mlx
