// A plan carried out: its files beside each other, all or nothing.
#pragma once

#include <filesystem>

#include "weights/plan.h"

namespace torch2mlx::weights {

// Writes plan.files into the folder of `path`, and the index of shards where there are several; they appear when all
// are complete. Gives the plan's report with what streaming told. Throws Error(input) where the system refuses or,
// without options.force, a file is there already.
Report write(Plan plan, const std::filesystem::path& path, const Options& options);

}  // namespace torch2mlx::weights
