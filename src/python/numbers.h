// The integers in a piece of code, and what each of them is for.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace torch2mlx::python {

struct Number {
  std::size_t at;  // offset in the text
  std::string digits;
  std::string role;  // "stride" of stride=2, "nn.Linear 1" of its second positional argument
};

// Integer literals outside of quotes, names and floats, in order.
std::vector<Number> numbers_in(std::string_view text);
std::string without_numbers(std::string_view text);  // and without marks of defaults
// Without the arguments that are marked as defaults (layers.h), where their value still is the number.
std::string without_defaults(std::string_view text);
// Lines with the integers of these ordinals (counted over all lines) replaced.
std::vector<std::string> with_parameters(std::vector<std::string> lines,
                                         const std::map<std::size_t, std::string>& names);

}  // namespace torch2mlx::python
