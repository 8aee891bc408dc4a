// The whole command line as one function: the native program and the Python package call the same.
#pragma once

#include <string>
#include <vector>

#include "cli/graph_hooks.h"

namespace torch2mlx::cli {

// `args` without the program's name. Prints to stdout and stderr; returns the exit status: 0, 1 on any failure
// (one line on stderr, then an indented list where several things are wrong), 2 for usage. Never throws.
int run(std::vector<std::string> args, const Hooks& hooks = {});

}  // namespace torch2mlx::cli
