// Which names a pickle may hold. The guard is that nothing is called; this refuses what no checkpoint has a use for.
#pragma once

#include <string>
#include <string_view>

namespace torch2mlx {

// "module.name" with Python 2's module names replaced. Throws Error(input) at `place` for a name that runs code or
// touches the system, and for text that is no dotted ASCII identifier.
std::string checked_global(std::string_view module, std::string_view name, const std::string& place);

// "owner.name" as getattr would give it: an inner class, a function; `owner` is empty for an object's method. Throws as
// above.
std::string checked_attribute(std::string_view owner, std::string_view name, const std::string& place);

}  // namespace torch2mlx
