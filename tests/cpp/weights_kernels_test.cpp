#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "weights/cast.h"
#include "weights/transpose.h"
#include "weights/view.h"
#include "weights_checkpoint.h"

namespace torch2mlx::weights {
namespace {

using torch2mlx::testing::make_tensor;

std::vector<std::byte> naive(const Tensor& tensor, const std::vector<int>& permute) {
  const auto size = size_of(tensor.dtype);
  std::vector<std::byte> out(tensor.elements() * size);
  std::vector<std::int64_t> index(tensor.shape.size(), 0);
  for (std::int64_t i = 0; i < tensor.elements(); ++i) {
    std::int64_t rest = i, from = tensor.offset;
    for (auto k = permute.size(); k-- > 0;) {
      from += rest % tensor.shape[permute[k]] * tensor.strides[permute[k]];
      rest /= tensor.shape[permute[k]];
    }
    std::memcpy(out.data() + i * size, tensor.storage->bytes.data() + from * size, size);
  }
  return out;
}

// The whole view in pieces of `step` elements.
std::vector<std::byte> gathered(const View& view, std::int64_t step) {
  std::vector<std::byte> out(view.elements() * view.size);
  for (std::int64_t first = 0; first < view.elements(); first += step)
    gather(view, first, std::min(step, view.elements() - first), out.data() + first * view.size);
  return out;
}

void check(const Tensor& tensor, const std::vector<int>& permute) {
  const auto expected = naive(tensor, permute);
  const View view = view_of(tensor, permute);
  for (const std::int64_t step : {tensor.elements(), std::int64_t{7}, std::int64_t{64}, gather_step(view, 1024)})
    ASSERT_EQ(gathered(view, step), expected) << "step " << step;
}

TEST(WeightsKernels, EveryPermutationOfEverySize) {
  for (const auto dtype : {Dtype::uint8, Dtype::float16, Dtype::float32, Dtype::float64, Dtype::complex128})
    for (const auto& shape : std::vector<std::vector<std::int64_t>>{
             {5}, {17, 9}, {64, 32}, {33, 1, 8}, {8, 16, 3, 3}, {19, 5, 7, 1}, {4, 3, 2, 5, 6}}) {
      std::vector<int> permute(shape.size());
      std::iota(permute.begin(), permute.end(), 0);
      do check(make_tensor("t", dtype, shape), permute);
      while (std::ranges::next_permutation(permute).found);
    }
}

TEST(WeightsKernels, StridedViews) {
  check(make_tensor("transposed", Dtype::float32, {40, 24}, {1, 40}), {0, 1});
  check(make_tensor("channels last", Dtype::float16, {6, 8, 5, 5}, {200, 1, 40, 8}), {0, 1, 2, 3});
  check(make_tensor("channels last", Dtype::float16, {6, 8, 5, 5}, {200, 1, 40, 8}), {0, 2, 3, 1});
  check(make_tensor("every other", Dtype::float32, {10, 12}, {48, 2}, 5), {1, 0});
  check(make_tensor("expanded", Dtype::float32, {10, 12}, {0, 1}), {0, 1});
  check(make_tensor("expanded", Dtype::float32, {10, 12}, {1, 0}), {0, 1});
  check(make_tensor("scalar", Dtype::float32, {}), {});
}

TEST(WeightsKernels, ViewsThatChangeNothingAreContiguous) {
  EXPECT_TRUE(view_of(make_tensor("t", Dtype::float32, {4, 3, 2}), {}).contiguous());
  EXPECT_TRUE(view_of(make_tensor("t", Dtype::float32, {4, 3, 1, 1}), {0, 2, 3, 1}).contiguous());
  EXPECT_TRUE(view_of(make_tensor("t", Dtype::float32, {4, 8, 5, 5}, {200, 1, 40, 8}), {0, 2, 3, 1}).contiguous());
  EXPECT_FALSE(view_of(make_tensor("t", Dtype::float32, {4, 3, 2, 2}), {0, 2, 3, 1}).contiguous());
}

template <class To, class From>
To cast_one(Dtype from, Dtype to, From value) {
  To result;
  cast(from, to, reinterpret_cast<const std::byte*>(&value), 1, reinterpret_cast<std::byte*>(&result));
  return result;
}

std::uint16_t half(float value) { return cast_one<std::uint16_t>(Dtype::float32, Dtype::float16, value); }
std::uint16_t brain(float value) { return cast_one<std::uint16_t>(Dtype::float32, Dtype::bfloat16, value); }

TEST(WeightsCast, RoundsToNearestEven) {
  EXPECT_EQ(half(1.0f), 0x3c00);
  EXPECT_EQ(half(1.0f + 0x1p-11f), 0x3c00);  // tie, even below
  EXPECT_EQ(half(1.0f + 0x3p-11f), 0x3c02);  // tie, even above
  EXPECT_EQ(half(65519.0f), 0x7bff);
  EXPECT_EQ(half(65520.0f), 0x7c00);
  EXPECT_EQ(half(-0x1p-24f), 0x8001);
  EXPECT_EQ(half(0x1p-25f), 0x0000);
  EXPECT_EQ(half(0x1.8p-25f), 0x0001);
  EXPECT_EQ(half(-0.0f), 0x8000);
  EXPECT_EQ(brain(1.0f + 0x1p-8f), 0x3f80);
  EXPECT_EQ(brain(1.0f + 0x3p-8f), 0x3f82);
  EXPECT_EQ(brain(3.4e38f), 0x7f80);
}

TEST(WeightsCast, DoublesAreRoundedOnce) {
  // Just above a tie of float16 and below float32's resolution: rounding twice would go down.
  const double above = 1.0 + 0x1p-11 + 0x1p-40;
  EXPECT_EQ((cast_one<std::uint16_t>(Dtype::float64, Dtype::float16, above)), 0x3c01);
  EXPECT_EQ((cast_one<std::uint16_t>(Dtype::float64, Dtype::float16, 1.0 + 0x3p-11 - 0x1p-40)), 0x3c01);
  EXPECT_EQ((cast_one<std::uint16_t>(Dtype::float64, Dtype::bfloat16, 1.0 + 0x1p-8 + 0x1p-40)), 0x3f81);
  EXPECT_EQ((cast_one<std::uint16_t>(Dtype::float64, Dtype::float16, 1e300)), 0x7c00);
  EXPECT_EQ((cast_one<std::uint16_t>(Dtype::float64, Dtype::float16, -1e-300)), 0x8000);
}

TEST(WeightsCast, EveryHalfGoesToFloatAndBack) {
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    const auto value = cast_one<float>(Dtype::float16, Dtype::float32, static_cast<std::uint16_t>(bits));
    const bool nan = (bits & 0x7fff) > 0x7c00;
    ASSERT_EQ(std::isnan(value), nan) << bits;
    if (!nan) {
      ASSERT_EQ(half(value), bits);
    }
  }
}

TEST(WeightsCast, NansStayNans) {
  for (const auto bits : {0x7fc00000u, 0x7f800001u, 0xffffffffu}) {
    EXPECT_GT(half(std::bit_cast<float>(bits)) & 0x7fff, 0x7c00);
    EXPECT_GT(brain(std::bit_cast<float>(bits)) & 0x7fff, 0x7f80);
  }
}

TEST(WeightsCast, SwapsTheHalvesOfComplexNumbersApart) {
  std::vector<std::byte> data(8);
  for (int i = 0; i < 8; ++i) data[i] = static_cast<std::byte>(i);
  swap_bytes(Dtype::complex64, data.data(), 1);
  EXPECT_EQ(data[0], std::byte{3});
  EXPECT_EQ(data[4], std::byte{7});
  swap_bytes(Dtype::float64, data.data(), 1);
  EXPECT_EQ(data[0], std::byte{4});
}

}  // namespace
}  // namespace torch2mlx::weights
