// What mlx.nn can call parameters and modules: the one rule by which names of PyTorch become others, and back.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace torch2mlx::layers {

// mlx.nn takes nothing for a parameter or module that begins with an underscore, and makes a list of members that int()
// reads. Underscores in front go to the end, and integers that are no place in a list get one there:
//   _bn1 -> bn1_    __x -> x___    01 -> 01_    _ -> underscore_
// What ends in underscores already gets more, so that no two names meet: lambda_ -> lambda__. Every other name stays.
std::string mlx_name(std::string_view name);
// The name that `mlx_name` makes `name` of; any other name as it is.
std::string torch_name(std::string_view name);

// Part by part of a dotted key or path: "_blocks.0._bn1.weight" -> "blocks_.0.bn1_.weight".
std::string mlx_key(std::string_view key);
std::string torch_key(std::string_view key);

// The place in a list that a part of a path states: "12" -> 12. Nothing for "", "012" and beyond five digits, since
// lists are filled up to the largest: a file must not make one of a billion.
std::optional<std::size_t> list_index(std::string_view part);

}  // namespace torch2mlx::layers
