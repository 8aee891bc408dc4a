// report.json without holding its text.
#pragma once

#include <functional>
#include <string_view>

#include "torch2mlx/convert.h"

namespace torch2mlx::weights {

// What `to_json` gives, piece by piece.
void put_json(const Report& report, const std::function<void(std::string_view)>& put);

}  // namespace torch2mlx::weights
