// Numbers read from arrays, and what a graph requires of its values.
#pragma once

#include "ops/row.h"

namespace torch2mlx::ops {

// The value of an array of one element; computes it.
double number_of(A a);

inline constexpr std::tuple value_rows{
    // Its value is known when the graph runs: no shape may depend on it.
    op<[](A a) { return Real{number_of(a)}; }>("item", "a", Axes::fixed, "{}.item()"),
    // The graph is for values at which `condition`, one element, is true, or what is `expected`. `message` of the
    // error; absent: made of the condition's text.
    op<[](A condition, OptText, OptBool) { return Required{condition}; }>("require", "condition message expected",
                                                                          Axes::fixed),
};

}  // namespace torch2mlx::ops
