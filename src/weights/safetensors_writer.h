// The header of the output: 8-byte length, JSON with sorted keys, spaces up to a multiple of 8 bytes.
#pragma once

#include <string>

#include "weights/plan.h"

namespace torch2mlx::weights {

// The file up to its data section. __metadata__ holds "format": "mlx" and, under "torch2mlx", what turns the file back
// into the source: {"version": 1, "permute": {key: axes}, "dtype": {key: torch dtype}, "dropped": [key]}.
// Throws Error(input) for names that are not UTF-8 and for a header over the format's 100 MB.
std::string safetensors_header(const Plan& plan);

}  // namespace torch2mlx::weights
