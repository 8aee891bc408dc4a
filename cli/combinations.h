// Options that say nothing without others, or beside others: accepted, they would be ignored without a word.
#pragma once

#include <CLI/CLI.hpp>

namespace torch2mlx::cli {

// Throws CLI::RequiresError, CLI::ExcludesError for options of `app` that were given and would have no effect.
void require_effect(const CLI::App& app);

}  // namespace torch2mlx::cli
