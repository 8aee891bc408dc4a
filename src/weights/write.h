// A plan carried out: its files beside each other, all or nothing.
#pragma once

#include <filesystem>
#include <span>

#include "weights/plan.h"

namespace torch2mlx::weights {

// Writes plan.files into the folder of `path`, and the index of shards where there are several; they appear when all
// are complete. Gives the plan's report with what streaming told. Throws Error(input) where the system refuses or,
// without options.force, a file is there already, and where a file of `sources` was changed meanwhile.
Report write(Plan plan, const std::filesystem::path& path, const Options& options, std::span<const Tensor> sources);

}  // namespace torch2mlx::weights
