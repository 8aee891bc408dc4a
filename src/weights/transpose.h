// Matrix transpose, the core of every layout change.
#pragma once

#include <cstddef>
#include <cstdint>

namespace torch2mlx::weights {

// out[r][c] = in[c * stride + r] for r < rows, c < columns: reads runs of `rows` elements, writes whole rows. `size` is
// bytes an element (1, 2, 4, 8 or 16); neither pointer need be aligned.
void transpose_block(const std::byte* in, std::int64_t stride, std::int64_t rows, std::int64_t columns,
                     std::size_t size, std::byte* out);

}  // namespace torch2mlx::weights
