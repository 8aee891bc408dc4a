// The text of `__init__`: layers, submodules, bare parameters.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "python/classes.h"
#include "python/constants.h"

namespace torch2mlx::python {

// Text that makes a submodule of a class of its own: "BertLayer()".
using BlockText = std::function<std::string(const ModuleNode&)>;

// Statements after super().__init__(); empty for a module that holds nothing.
std::vector<std::string> init_lines(const Context& context, const ModuleNode& module, Constants& constants,
                                    const BlockText& block);

}  // namespace torch2mlx::python
