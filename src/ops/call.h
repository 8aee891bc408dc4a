// Running one op by name.
#pragma once

#include <string_view>

#include "ops/slot.h"
#include "ops/table.h"

namespace torch2mlx::ops {

// `arguments`: one slot a parameter, absent ones as monostate. Throws std::exception as MLX does, and
// std::invalid_argument for arguments of the wrong kind.
Slots call(const Info& op, const Slots& arguments);

}  // namespace torch2mlx::ops
