// Patterns that users give: * ? [..] as a shell has them.
#pragma once

#include <string>
#include <string_view>

namespace torch2mlx::weights {

// Whether `pattern` fits `path` ("encoder.layers.0.norm.weight") or an end of it behind a dot ("norm.weight"); * also
// stands for dots.
bool matches(const std::string& pattern, std::string_view path);

// The same for a key or the module that holds it.
bool matches_key(const std::string& pattern, std::string_view key);

// Of a path of MLX: does the pattern match it, or the path that it is in PyTorch?
bool matches_path(const std::string& pattern, std::string_view path);

}  // namespace torch2mlx::weights
