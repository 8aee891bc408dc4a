// Why some operators can have no lowering at all, or have none.
#pragma once

#include <string_view>

namespace torch2mlx::ops {

// Empty if nothing stands in the way but that we have not written it.
std::string_view why_not(std::string_view op);

// Does it belong to another library than PyTorch ("mylib.scale.default")?
bool is_foreign(std::string_view op);

}  // namespace torch2mlx::ops
