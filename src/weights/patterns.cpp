#include "weights/patterns.h"

#include <fnmatch.h>

#include "layers/names.h"

namespace torch2mlx::weights {

bool matches(const std::string& pattern, std::string_view path) {
  for (std::string end(path);;) {
    if (fnmatch(pattern.c_str(), end.c_str(), 0) == 0) return true;
    const auto dot = end.find('.');
    if (dot == std::string::npos) return false;
    end.erase(0, dot + 1);
  }
}

bool matches_path(const std::string& pattern, std::string_view path) {
  return matches(pattern, path) || matches(pattern, layers::torch_key(path));
}

bool matches_key(const std::string& pattern, std::string_view key) {
  const auto dot = key.rfind('.');
  return matches(pattern, key) || matches(pattern, dot == key.npos ? std::string_view() : key.substr(0, dot));
}

}  // namespace torch2mlx::weights
