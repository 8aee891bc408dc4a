// Modules that have several names: one rotary embedding in every block, one projection under two attributes.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "read/checkpoint.h"

namespace torch2mlx::graph {

class SharedModules {
 public:
  SharedModules() = default;
  // By what their tensors tell: two modules of one class are one if all tensors of the second are those of the first.
  // `tied`: key -> the key before it that shares its elements. `modules` may be empty.
  SharedModules(std::span<const std::string> state_keys, const std::map<std::string, std::string>& tied,
                std::span<const Module> modules);

  // The first name of the module at `path`, or of one around it, with the rest behind; `path` itself if it has no
  // other.
  std::string first(std::string_view path) const;
  // Is it, or is it inside of, a module of several names?
  bool has(std::string_view path) const;

 private:
  std::map<std::string, std::string, std::less<>> first_;  // every other name -> the first
  std::map<std::string, std::string, std::less<>> names_;  // every name
};

}  // namespace torch2mlx::graph
