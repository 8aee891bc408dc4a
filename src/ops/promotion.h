// torch's type promotion, where MLX's own differs.
#pragma once

#include <optional>

#include "ops/mlx.h"

namespace torch2mlx::ops {

// Converts the operands of an elementwise op to the dtype that torch computes in. Numbers stay numbers where MLX's
// weak typing gives the same. `common`: that dtype, if the op knows it; else by torch's rules, in which a 0-d tensor or
// a number counts only if it is of a higher kind (boolean < integer < floating < complex).
void promote(Mlx& mx, Operand& a, Operand& b, std::optional<Dtype> common = {});

// A number as torch stores it in this dtype: a fraction loses its digits in integers, anything but 0 is true.
Scalar stored_as(Scalar number, Dtype dtype);

// The absolute value; of a number at once.
Operand magnitude(Mlx& mx, const Operand& x);

// Integers and booleans as float32.
Value to_floating(Mlx& mx, Value x);

}  // namespace torch2mlx::ops
