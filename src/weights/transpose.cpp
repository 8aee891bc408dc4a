// Compiled once for each instruction set; the best one that the processor has runs. Vectors are 128 bits wide
// everywhere: wider ones gain nothing on what is bound by memory.
#include "weights/transpose.h"

#include <algorithm>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "weights/transpose.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace torch2mlx::weights::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

template <std::size_t Size>
struct Element {
  std::byte bytes[Size];
};

// A tile of plain elements: both sides stay within a few cache lines.
template <std::size_t Size>
void tile(const std::byte* in, std::int64_t stride, std::int64_t rows, std::int64_t columns, std::byte* out,
          std::int64_t width) {
  using T = Element<Size>;
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t c = 0; c < columns; ++c)
      std::memcpy(out + (r * width + c) * sizeof(T), in + (c * stride + r) * sizeof(T), sizeof(T));
}

#if HWY_TARGET != HWY_SCALAR
// 4 x 4 of 32 bits in registers.
void square4(const float* in, std::int64_t stride, float* out, std::int64_t width) {
  const hn::FixedTag<float, 4> d;
  const hn::Repartition<double, decltype(d)> wide;
  const auto a = hn::LoadU(d, in), b = hn::LoadU(d, in + stride);
  const auto c = hn::LoadU(d, in + 2 * stride), e = hn::LoadU(d, in + 3 * stride);
  const auto ab0 = hn::BitCast(wide, hn::InterleaveLower(d, a, b)),
             ab1 = hn::BitCast(wide, hn::InterleaveUpper(d, a, b));
  const auto ce0 = hn::BitCast(wide, hn::InterleaveLower(d, c, e)),
             ce1 = hn::BitCast(wide, hn::InterleaveUpper(d, c, e));
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(wide, ab0, ce0)), d, out);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(wide, ab0, ce0)), d, out + width);
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(wide, ab1, ce1)), d, out + 2 * width);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(wide, ab1, ce1)), d, out + 3 * width);
}

// 8 x 8 of 16 bits in registers: pairs, fours, halves.
void square8(const std::uint16_t* in, std::int64_t stride, std::uint16_t* out, std::int64_t width) {
  const hn::FixedTag<std::uint16_t, 8> d;
  const hn::FixedTag<std::uint32_t, 4> d32;
  const hn::FixedTag<std::uint64_t, 2> d64;
  for (int half = 0; half < 2; ++half) {
    hn::Vec<decltype(d32)> pairs[4];
    for (int i = 0; i < 4; ++i) {
      const auto a = hn::LoadU(d, in + std::int64_t{2 * i} * stride),
                 b = hn::LoadU(d, in + std::int64_t{2 * i + 1} * stride);
      pairs[i] = hn::BitCast(d32, half == 0 ? hn::InterleaveLower(d, a, b) : hn::InterleaveUpper(d, a, b));
    }
    for (int quarter = 0; quarter < 2; ++quarter) {
      const auto join = [&](int i) {
        return hn::BitCast(d64, quarter == 0 ? hn::InterleaveLower(d32, pairs[i], pairs[i + 1])
                                             : hn::InterleaveUpper(d32, pairs[i], pairs[i + 1]));
      };
      const auto left = join(0), right = join(2);
      auto* row = out + (4 * half + 2 * quarter) * width;
      hn::StoreU(hn::BitCast(d, hn::InterleaveLower(d64, left, right)), d, row);
      hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(d64, left, right)), d, row + width);
    }
  }
}

#endif

template <std::size_t Size>
constexpr std::int64_t side = Size == 4 ? 4 : 8;

template <std::size_t Size>
void square(const std::byte* in, std::int64_t stride, std::byte* out, std::int64_t width) {
#if HWY_TARGET != HWY_SCALAR
  // Only addresses are formed from these pointers; loads and stores are unaligned ones.
  if constexpr (Size == 4)
    square4(reinterpret_cast<const float*>(in), stride, reinterpret_cast<float*>(out), width);
  else if constexpr (Size == 2)
    square8(reinterpret_cast<const std::uint16_t*>(in), stride, reinterpret_cast<std::uint16_t*>(out), width);
  else
#endif
    tile<Size>(in, stride, side<Size>, side<Size>, out, width);
}

// Bands of one cache line's worth of rows: each line of the source is then read whole while it is at hand.
template <std::size_t Size>
void transpose(const std::byte* in, std::int64_t stride, std::int64_t rows, std::int64_t columns, std::byte* out) {
  constexpr std::int64_t n = side<Size>, band = std::max<std::int64_t>(n, 64 / static_cast<std::int64_t>(Size));
  const auto at = [&](std::int64_t r, std::int64_t c) {
    return in + (c * stride + r) * static_cast<std::int64_t>(Size);
  };
  const auto to = [&](std::int64_t r, std::int64_t c) {
    return out + (r * columns + c) * static_cast<std::int64_t>(Size);
  };
  for (std::int64_t top = 0; top < rows; top += band) {
    const auto bottom = std::min(rows, top + band), squares = top + (bottom - top) / n * n;
    std::int64_t c = 0;
    for (; c + n <= columns; c += n) {
      for (auto r = top; r < squares; r += n) square<Size>(at(r, c), stride, to(r, c), columns);
      tile<Size>(at(squares, c), stride, bottom - squares, n, to(squares, c), columns);
    }
    tile<Size>(at(top, c), stride, bottom - top, columns - c, to(top, c), columns);
  }
}

void transpose_any(const std::byte* in, std::int64_t stride, std::int64_t rows, std::int64_t columns, std::size_t size,
                   std::byte* out) {
  switch (size) {
    case 1:
      return transpose<1>(in, stride, rows, columns, out);
    case 2:
      return transpose<2>(in, stride, rows, columns, out);
    case 4:
      return transpose<4>(in, stride, rows, columns, out);
    case 8:
      return transpose<8>(in, stride, rows, columns, out);
    default:
      return transpose<16>(in, stride, rows, columns, out);
  }
}

}  // namespace
}  // namespace torch2mlx::weights::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace torch2mlx::weights {

HWY_EXPORT(transpose_any);

void transpose_block(const std::byte* in, std::int64_t stride, std::int64_t rows, std::int64_t columns,
                     std::size_t size, std::byte* out) {
  HWY_DYNAMIC_DISPATCH(transpose_any)(in, stride, rows, columns, size, out);
}

}  // namespace torch2mlx::weights
#endif
