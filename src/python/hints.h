// What the user's own lines call a value.
#pragma once

#include <optional>
#include <string>

#include "python/outline.h"

namespace torch2mlx::python {

// The name its line assigns, if the node is the last of that line in this function.
std::optional<std::string> assigned_hint(const Context& context, const Function& function, const Step& step,
                                         std::size_t result);
// The name its line assigns, whatever else the line computes.
std::optional<std::string> line_hint(const Context& context, const Step& step, std::size_t result);
// The name that a line using the value gives it: "self.query(hidden_states)", "a + b".
std::optional<std::string> usage_hint(const Context& context, const Function& function, graph::Ref ref);
// The parameter of an op that takes the value: "queries" of attention. Parameters of one letter tell nothing.
std::optional<std::string> parameter_hint(const Context& context, const Function& function, graph::Ref ref);
// The line the step comes from is the user's, and the same one.
bool same_line(const Context& context, const Step& a, const Step& b);

}  // namespace torch2mlx::python
