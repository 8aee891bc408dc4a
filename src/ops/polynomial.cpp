#include "ops/polynomial.h"

namespace torch2mlx::ops {

Value polynomial(Mlx& mx, Value x, std::span<const double> coefficients) {
  Value y = mx("multiply", x, coefficients.back());
  for (std::size_t i = coefficients.size() - 1; i-- > 0;) {
    y = mx("add", y, coefficients[i]);
    if (i > 0) y = mx("multiply", y, x);
  }
  return y;
}

}  // namespace torch2mlx::ops
