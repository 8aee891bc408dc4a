// New tensors: what torch leaves undefined, identity matrices, evenly spaced numbers, places in triangles.
#include <cmath>

#include "ops/aten_families.h"
#include "ops/promotion.h"
#include "ops/rearrange.h"

namespace torch2mlx::ops {
namespace {

// Whatever memory held is as good as zeros.
Value undefined(Mlx& mx, const Sizes& sizes) {
  mx.note("torch.empty is undefined: zeros here");
  return mx("full", sizes, 0, mx.declared_dtype());
}
Value empty(Mlx& mx, Sizes sizes, std::optional<Dtype>) { return undefined(mx, sizes); }
Value empty_like(Mlx& mx, Value x, std::optional<Dtype>) { return undefined(mx, mx.dims(x)); }
Value new_empty(Mlx& mx, Value, Sizes sizes, std::optional<Dtype>) { return undefined(mx, sizes); }
Value empty_strided(Mlx& mx, Sizes sizes, Sizes, std::optional<Dtype>) { return undefined(mx, sizes); }
Value empty_permuted(Mlx& mx, Sizes sizes, std::vector<std::int64_t>, std::optional<Dtype>) {
  return undefined(mx, sizes);
}
Value new_empty_strided(Mlx& mx, Value, Sizes sizes, Sizes, std::optional<Dtype>) { return undefined(mx, sizes); }

Value eye(Mlx& mx, Size n, std::optional<Dtype>) { return mx("eye", n, std::nullopt, mx.declared_dtype()); }
Value eye_rectangular(Mlx& mx, Size n, Size m, std::optional<Dtype>) { return mx("eye", n, m, mx.declared_dtype()); }

double constant(Mlx& mx, const Scalar& number) {
  if (const auto value = number.constant()) return *value;
  mx.refuse("a bound that is not constant");
}

// In float32, as numbers of other types would be rounded on the way.
Value spaced(Mlx& mx, const Scalar& start, const Scalar& end, std::int64_t steps) {
  if (!is_floating(mx.declared_dtype())) mx.refuse("evenly spaced integers");
  return mx("linspace", constant(mx, start), constant(mx, end), steps, Dtype::float32);
}
Value linspace(Mlx& mx, Scalar start, Scalar end, std::int64_t steps, std::optional<Dtype>) {
  return spaced(mx, start, end, steps);
}
Value logspace(Mlx& mx, Scalar start, Scalar end, std::int64_t steps, double base, std::optional<Dtype>) {
  return mx("power", base, spaced(mx, start, end, steps));
}

// Rows and columns of the elements below (or above) a diagonal, row by row.
template <bool lower_triangle>
Value triangle(Mlx& mx, std::int64_t rows, std::int64_t columns, std::int64_t offset, std::optional<Dtype>) {
  std::vector<std::int64_t> row_places, places;
  for (std::int64_t i = 0; i < rows; ++i)
    for (std::int64_t j = 0; j < columns; ++j)
      if (lower_triangle ? j - i <= offset : j - i >= offset) row_places.push_back(i), places.push_back(j);
  const auto count = static_cast<std::int64_t>(places.size());
  places.insert(places.begin(), row_places.begin(), row_places.end());
  const Value found = mx.literal(lower_triangle ? "tril_indices" : "triu_indices", places, {2, count});
  return mx.cast(found, mx.declared_dtype());
}

constexpr Lowering rows[] = {
    lower<empty,
          "empty.memory_format(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
          "bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor">,
    lower<empty_like,
          "empty_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
          "pin_memory=None, MemoryFormat? memory_format=None) -> Tensor">,
    lower<new_empty,
          "new_empty(Tensor self, SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
          "bool? pin_memory=None) -> Tensor">,
    lower<empty_strided,
          "empty_strided(SymInt[] size, SymInt[] stride, *, ScalarType? dtype=None, Layout? layout=None, Device? "
          "device=None, bool? pin_memory=None) -> Tensor">,
    lower<new_empty_strided,
          "new_empty_strided(Tensor self, SymInt[] size, SymInt[] stride, *, ScalarType? dtype=None, Layout? "
          "layout=None, Device? device=None, bool? pin_memory=None) -> Tensor">,
    lower<empty_permuted,
          "empty_permuted(SymInt[] size, int[] physical_layout, *, ScalarType? dtype=None, Layout? layout=None, "
          "Device? device=None, bool? pin_memory=None) -> Tensor">,
    lower<eye,
          "eye(SymInt n, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) "
          "-> Tensor">,
    lower<eye_rectangular,
          "eye.m(SymInt n, SymInt m, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
          "pin_memory=None) -> Tensor">,
    lower<linspace,
          "linspace(Scalar start, Scalar end, int steps, *, ScalarType? dtype=None, Layout? layout=None, Device? "
          "device=None, bool? pin_memory=None) -> Tensor">,
    lower<logspace,
          "logspace(Scalar start, Scalar end, int steps, float base=10., *, ScalarType? dtype=None, Layout? "
          "layout=None, Device? device=None, bool? pin_memory=None) -> Tensor">,
    lower<triangle<true>,
          "tril_indices(int row, int col, int offset=0, *, ScalarType? dtype=4, Layout? layout=None, Device? "
          "device=None, bool? pin_memory=None) -> Tensor">,
    lower<triangle<false>,
          "triu_indices(int row, int col, int offset=0, *, ScalarType? dtype=4, Layout? layout=None, Device? "
          "device=None, bool? pin_memory=None) -> Tensor">,
};

}  // namespace

std::span<const Lowering> fill_lowerings() { return rows; }

}  // namespace torch2mlx::ops
