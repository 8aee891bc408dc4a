// Why some operators of torch can have no lowering at all.
#pragma once

#include <string_view>

namespace torch2mlx::ops {

// Empty if nothing stands in the way but that nobody has written it.
std::string_view why_not(std::string_view op);

}  // namespace torch2mlx::ops
