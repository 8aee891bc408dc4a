// Runs of calls of the members of a list, each fed by the one before, become loops.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "python/outline.h"

namespace torch2mlx::python {

struct Loop {
  std::string list;                                          // path of the list
  std::string slice;                                         // "[1:]"; nothing if it is over all members
  std::vector<std::pair<std::size_t, std::size_t>> carried;  // argument <- result of the call before, by result
  std::vector<std::size_t> kept;                             // results of every call that are read after the loop
};

// Consecutive steps [begin, end) that are one statement.
struct Unit {
  std::size_t begin = 0, end = 0;
  std::optional<Loop> loop;
};

std::vector<Unit> group_steps(const Context& context, const Function& function);
// What a function returns: single values, and as one list what all calls of a loop gave.
std::vector<std::vector<graph::Ref>> returned(const Context& context, const Function& function);
// What a step calls: the path of a layer or module, empty for a bare op.
std::string callee(const Step& step);

}  // namespace torch2mlx::python
