// The subcommands. Each parses its own arguments, throws CLI::ParseError for usage and Error for everything else.
#pragma once

#include <string>
#include <vector>

#include "cli/graph_hooks.h"

namespace torch2mlx::cli {

using Arguments = std::vector<std::string>;

int convert_command(Arguments args, const Hooks& hooks);  // the main form
int inspect_command(Arguments args, const Hooks& hooks);
int ops_command(Arguments args, const Hooks& hooks);
int restore_command(Arguments args, const Hooks& hooks);
int verify_command(Arguments args, const Hooks& hooks);

}  // namespace torch2mlx::cli
