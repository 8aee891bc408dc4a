// What the user's own lines call a value.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "python/outline.h"

namespace torch2mlx::python {

// The names that the lines of one function assign.
class LineNames {
 public:
  LineNames(const Context& context, const Function& function);
  // What its line calls a result of a step; nothing if the line goes on with it. "q, k = rotated(q, k)" names both.
  std::optional<std::string> assigned(const Step& step, std::size_t result) const;

 private:
  const Context& context_;
  std::map<std::pair<std::string_view, int>, std::vector<const Step*>> made_;  // (file, line) -> steps it ends with
};

// The name its line assigns, whatever else the line computes.
std::optional<std::string> line_hint(const Context& context, const Step& step, std::size_t result);
// The name that a line using the value gives it: "self.query(hidden_states)", "a + b".
std::optional<std::string> usage_hint(const Context& context, const Function& function, graph::Ref ref);
// The parameter of an op that takes the value: "queries" of attention; in functions that are called, a keyword: "mask".
// Parameters of one letter tell nothing.
std::optional<std::string> parameter_hint(const Context& context, const Function& function, graph::Ref ref,
                                          bool keywords = false);
// The line the step comes from is the user's, and the same one.
bool same_line(const Context& context, const Step& a, const Step& b);

}  // namespace torch2mlx::python
