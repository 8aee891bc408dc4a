// Layout of statements as black and ruff lay them out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace torch2mlx::python {

inline constexpr std::size_t line_width = 100;

// One statement at an indent, broken at its last bracket pair where it is too long.
std::string statement(std::string_view text, std::size_t indent);
// Pieces between commas outside of brackets and quotes.
std::vector<std::string> split_commas(std::string_view text);
// Deepest nesting of brackets.
int nesting(std::string_view text);

}  // namespace torch2mlx::python
