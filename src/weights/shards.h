// Which file each output tensor stands in, where in it, and the safetensors headers and index around them.
#pragma once

#include <cstdint>
#include <string>

#include "weights/plan.h"

namespace torch2mlx::weights {

// Fills files, file and at of plan.tensors, and sorts them so. They are spread in their order: a new shard begins where
// the next tensor would carry the last one over `shard_bytes` (0: one file). Shards are called
// "model-00001-of-00003.safetensors" after "model.safetensors". Within a file wider types come first, which keeps every
// tensor aligned to its elements. `format` is that of __metadata__; the first header holds plan.metadata, too, and with
// "mlx" the record, under "torch2mlx". Throws Error(input) for names that are not UTF-8, for a header over the format's
// 100 MB and for sizes beyond 8 EiB.
void assign_files(Plan& plan, const std::string& file, std::uint64_t shard_bytes, std::string_view format = "mlx");

// Throws Error(input) for sizes beyond 8 EiB.
void check_sizes(const Plan& plan);

// The text of "model.safetensors.index.json".
void put_index(const Plan& plan, const Put& put);

}  // namespace torch2mlx::weights
