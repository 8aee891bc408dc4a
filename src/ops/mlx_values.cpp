#include "ops/mlx_values.h"

namespace torch2mlx::ops {

double number_of(A a) {
  const bool whole = mx::issubdtype(a.dtype(), mx::integer);
  mx::array number = mx::astype(a, whole ? mx::int64 : mx::float32);
  return whole ? static_cast<double>(number.item<std::int64_t>()) : number.item<float>();
}

}  // namespace torch2mlx::ops
