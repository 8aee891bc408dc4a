// The text of `__init__`: layers, submodules, bare parameters.
#pragma once

#include <string>
#include <vector>

#include "python/classes.h"
#include "python/constants.h"

namespace torch2mlx::python {

// Statements after super().__init__(); empty for a module that holds nothing. Keys it declares are added to `keys`.
std::vector<std::string> init_lines(const Context& context, const Classes& classes, const ModuleNode& module,
                                    Constants& constants);

}  // namespace torch2mlx::python
