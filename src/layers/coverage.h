// How much of a module tree is accounted for.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "read/checkpoint.h"

namespace torch2mlx::layers {

struct Coverage {
  std::map<std::string, int> layers;  // short class name of each leaf module -> how many
  int total = 0, mapped = 0;          // leaf modules; those that are accounted for
  int registered = 0;                 // leaf modules whose class has a row in the table
  std::vector<std::string> unmapped;  // "encoder.router: pkg.Router"

  double fraction(int count) const { return total ? static_cast<double>(count) / total : 1.0; }
};

struct ModuleName {
  std::string_view path, class_name;
};

std::vector<ModuleName> names_of(std::span<const Module> modules);

// `mapped` decides for each leaf (a module without children); by default those with a row are.
Coverage coverage(std::span<const ModuleName> modules, const std::function<bool(const ModuleName&)>& mapped = {});

}  // namespace torch2mlx::layers
