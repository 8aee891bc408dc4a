// Plain loops over one group at a time, compiled once for each instruction set.
#include "weights/quantize.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "weights/cast.h"
#include "weights/float8.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "weights/quantize.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace torch2mlx::weights::HWY_NAMESPACE {
namespace {

constexpr int lanes = 16;  // running extremes, so that the loop is one of vectors

struct Range {
  float least, greatest;
};

Range range_of(const float* in, int count) {
  float least[lanes], greatest[lanes];
  std::fill_n(least, lanes, std::numeric_limits<float>::infinity());
  std::fill_n(greatest, lanes, -std::numeric_limits<float>::infinity());
  for (int i = 0; i < count; i += lanes)
    for (int j = 0; j < lanes; ++j) {
      const float value = in[i + j];
      least[j] = value < least[j] ? value : least[j];
      greatest[j] = value > greatest[j] ? value : greatest[j];
    }
  return {*std::min_element(least, least + lanes), *std::max_element(greatest, greatest + lanes)};
}

// Largest magnitude; NaN where there is one, since its bits are larger than infinity's.
float largest_of(const float* in, int count) {
  std::uint32_t largest = 0;
  for (int i = 0; i < count; ++i) largest = std::max(largest, std::bit_cast<std::uint32_t>(in[i]) & 0x7fffffffu);
  return std::bit_cast<float>(largest);
}

float rounded(Dtype dtype, float value) {
  round_to(dtype, &value, 1);
  return value;
}

struct Affine {
  float scale, bias;
};

// The end of the range that is further from 0 is met exactly, and so is 0 where it lies between them.
Affine affine_of(Range range, int bits) {
  if (bits == 1) return {std::max(range.greatest - range.least, 1e-7f), range.least};
  const float steps = static_cast<float>((1 << bits) - 1);
  const bool low = std::fabs(range.least) > std::fabs(range.greatest);
  const float width = (range.greatest - range.least) / steps;
  float scale = width < 1e-7f ? 1e-7f : width;
  if (!low) scale = -scale;
  const float edge = low ? range.least : range.greatest, zero = std::rint(edge / scale);
  return zero != 0 ? Affine{edge / zero, edge} : Affine{scale, 0};
}

// Nearest code, ties to even: adding 1.5 * 2^23 leaves the integer in the lowest bits.
void affine_codes(const float* in, int count, Affine affine, float last, std::uint8_t* codes) {
  for (int i = 0; i < count; ++i) {
    float value = (in[i] - affine.bias) / affine.scale;
    value = value > 0 ? value : 0;
    value = value < last ? value : last;
    codes[i] = static_cast<std::uint8_t>(std::bit_cast<std::uint32_t>(value + 0x1.8p23f));
  }
}

// Nearest of 0, 0.5, 1, 1.5, 2, 3, 4, 6; ties to the smaller, no negative zero.
void float4_codes(const float* in, int count, std::uint8_t* codes) {
  for (int i = 0; i < count; ++i) {
    const float size = std::fabs(in[i]);
    const int code = (size > 0.25f) + (size > 0.75f) + (size > 1.25f) + (size > 1.75f) + (size > 2.5f) + (size > 3.5f) +
                     (size > 5.0f);
    codes[i] = static_cast<std::uint8_t>(code | (code != 0 && in[i] < 0 ? 8 : 0));
  }
}

// MLX takes the first of 0, 0.5 ... 6 that is nearest as far as differences in float32 tell: far beyond 6 they tell
// less and less, and infinities become 0.
void far_codes(const float* in, int count, std::uint8_t* codes) {
  constexpr std::array numbers{0.0f, 0.5f, 1.0f, 1.5f, 2.0f, 3.0f, 4.0f, 6.0f};
  for (int i = 0; i < count; ++i) {
    if (codes[i] % 8 != 7) continue;
    const float size = std::fabs(in[i]), least = size - numbers.back();
    const auto nearest = std::find_if(numbers.begin(), numbers.end(), [&](float n) { return size - n == least; });
    const auto code = static_cast<int>(nearest - numbers.begin());
    codes[i] = static_cast<std::uint8_t>(code | (code != 0 && in[i] < 0 ? 8 : 0));
  }
}

// float8_e4m3fn, ties to even, saturated at 448 as NaN is.
std::uint8_t float8_code(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = bits >> 24 & 0x80u, size = bits & 0x7fffffffu;
  if (size >= std::bit_cast<std::uint32_t>(448.0f)) return static_cast<std::uint8_t>(sign | 0x7eu);
  if (size < std::bit_cast<std::uint32_t>(0x1p-6f))  // subnormal: multiples of 2^-9
    return static_cast<std::uint8_t>(sign |
                                     (std::bit_cast<std::uint32_t>(std::bit_cast<float>(size) + 0x1p14f) & 0xffu));
  return static_cast<std::uint8_t>(sign | ((size - (120u << 23) + 0x7ffffu + (size >> 20 & 1u)) >> 20));
}

// Eight codes a step become one run of bits, the first lowest.
void pack(const std::uint8_t* codes, int count, int bits, std::byte* out) {
  for (int i = 0; i < count; i += 8, out += bits) {
    std::uint64_t run;
    std::memcpy(&run, codes + i, 8);
    run = (run & 0x00ff00ff00ff00ffu) | (run >> 8 & 0x00ff00ff00ff00ffu) << bits;
    run = (run & 0x0000ffff0000ffffu) | (run >> 16 & 0x0000ffff0000ffffu) << (2 * bits);
    run = (run & 0x00000000ffffffffu) | run >> 32 << (4 * bits);
    std::memcpy(out, &run, static_cast<std::size_t>(bits));
  }
}

struct Scaled {
  std::uint8_t byte;
  bool undefined = false, beyond = false;
};

// Divides by the group's scale, float8_e4m3fn, in the matrix's own type.
Scaled scale_by_float8(Dtype dtype, float largest, float* values, int count) {
  float scale = rounded(dtype, largest / 6.0f);
  const std::uint8_t byte = float8_code(scale);
  const bool beyond = !(scale < 464.0f);  // which rounds to more than 448
  scale = from_float8(Dtype::float8_e4m3fn, byte);
  if (scale == 0) {
    std::fill_n(values, count, 0.0f);
    return {byte};
  }
  for (int i = 0; i < count; ++i) values[i] /= scale;
  round_to(dtype, values, static_cast<std::size_t>(count));
  return {byte, false, beyond};
}

// Likewise by a power of two. Its exponent has one byte: C++ leaves open what MLX's casts of others give.
Scaled scale_by_power(float largest_code, Dtype dtype, float largest, float* values, int count) {
  float scale = rounded(dtype, largest / largest_code);
  if (!std::isfinite(scale)) return {0, true};
  int exponent = 0;
  const float fraction = std::frexp(scale, &exponent);
  if (fraction == 0.5f) --exponent;  // the power itself; others go to the next one
  if (exponent < -127) return {0, true};
  scale = rounded(dtype, std::ldexp(1.0f, exponent));
  for (int i = 0; i < count; ++i) values[i] /= scale;
  round_to(dtype, values, static_cast<std::size_t>(count));
  return {static_cast<std::uint8_t>(exponent + 127)};
}

// One group to its codes and its scale's byte.
Scaled float_codes(QuantizationMode mode, Dtype dtype, float* values, int count, std::uint8_t* codes) {
  const float largest = largest_of(values, count);
  if (mode == QuantizationMode::mxfp8) {
    const Scaled scaled = scale_by_power(448, dtype, largest, values, count);
    std::transform(values, values + count, codes, float8_code);
    return scaled;
  }
  const bool powers = mode == QuantizationMode::mxfp4;
  const Scaled scaled =
      powers ? scale_by_power(6, dtype, largest, values, count) : scale_by_float8(dtype, largest, values, count);
  float4_codes(values, count, codes);
  if (scaled.beyond) far_codes(values, count, codes);
  return scaled;
}

Quantized quantize_all(const Quantization& q, Dtype dtype, const std::byte* in, std::int64_t groups, std::byte* words,
                       std::byte* scales, std::byte* biases) {
  const int count = q.group_size;
  const std::size_t bytes = static_cast<std::size_t>(count) * size_of(dtype), width = size_of(scale_dtype(q, dtype));
  std::array<float, largest_group> values;
  std::array<std::uint8_t, largest_group> codes;
  Quantized done;
  for (std::int64_t group = 0; group < groups; ++group) {
    auto* raw = reinterpret_cast<std::byte*>(values.data());
    cast(dtype, Dtype::float32, in, static_cast<std::size_t>(count), raw);
    if (q.mode == QuantizationMode::affine) {
      const Affine affine = affine_of(range_of(values.data(), count), q.bits);
      affine_codes(values.data(), count, affine, static_cast<float>((1 << q.bits) - 1), codes.data());
      cast(Dtype::float32, dtype, reinterpret_cast<const std::byte*>(&affine.scale), 1, scales);
      cast(Dtype::float32, dtype, reinterpret_cast<const std::byte*>(&affine.bias), 1, biases);
      biases += width;
      const bool finite = std::isfinite(largest_of(values.data(), count));
      done.undefined += !finite;
      done.beyond += finite && !std::isfinite(rounded(dtype, affine.scale));
    } else {
      const Scaled scaled = float_codes(q.mode, dtype, values.data(), count, codes.data());
      *scales = std::byte{scaled.byte};
      done.undefined += scaled.undefined;
      done.beyond += scaled.beyond;
    }
    pack(codes.data(), count, q.bits, words);
    words += count * q.bits / 8;
    scales += width;
    in += bytes;
  }
  return done;
}

}  // namespace
}  // namespace torch2mlx::weights::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace torch2mlx::weights {

HWY_EXPORT(quantize_all);

namespace {

constexpr int affine_bits[] = {1, 2, 3, 4, 5, 6, 8}, affine_groups[] = {32, 64, 128};
constexpr int four[] = {4}, eight[] = {8}, of_32[] = {32}, of_16[] = {16};

constexpr QuantizationRow modes[] = {
    {QuantizationMode::affine, "affine", 4, 64, affine_bits, affine_groups, true},
    {QuantizationMode::mxfp4, "mxfp4", 4, 32, four, of_32, false},
    {QuantizationMode::mxfp8, "mxfp8", 8, 32, eight, of_32, false},
    {QuantizationMode::nvfp4, "nvfp4", 4, 16, four, of_16, false},
};

constexpr float float4_values[] = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6};

float number(Dtype dtype, const std::byte* at) {
  float value = 0;
  cast(dtype, Dtype::float32, at, 1, reinterpret_cast<std::byte*>(&value));
  return value;
}

float float_scale(QuantizationMode mode, Dtype dtype, std::byte byte) {
  const auto code = std::to_integer<std::uint8_t>(byte);
  float scale = mode == QuantizationMode::nvfp4 ? from_float8(Dtype::float8_e4m3fn, code)
                                                : std::exp2(static_cast<float>(code) - 127);
  round_to(dtype, &scale, 1);
  return scale;
}

}  // namespace

std::span<const QuantizationRow> quantization_modes() { return modes; }
const QuantizationRow& row(QuantizationMode mode) { return *std::ranges::find(modes, mode, &QuantizationRow::mode); }

std::optional<QuantizationMode> mode_from_name(std::string_view name) {
  const auto it = std::ranges::find(modes, name, &QuantizationRow::name);
  return it == std::end(modes) ? std::nullopt : std::optional(it->mode);
}

std::string quantization_problem(const Quantization& q, std::int64_t columns) {
  const QuantizationRow& known = row(q.mode);
  if (std::ranges::count(known.all_bits, q.bits) == 0)
    return fmt::format("{} has no {} bits, only {}", known.name, q.bits, fmt::join(known.all_bits, ", "));
  if (std::ranges::count(known.all_groups, q.group_size) == 0)
    return fmt::format("{} has no groups of {}, only of {}", known.name, q.group_size,
                       fmt::join(known.all_groups, ", "));
  if (columns % q.group_size != 0)
    return fmt::format("rows of {} cannot be split in groups of {}", columns, q.group_size);
  return {};
}

std::string describe(const Quantization& q) {
  return fmt::format("{} bits {}, groups of {}", q.bits, row(q.mode).name, q.group_size);
}

std::string describe_undefined(const Quantization& q, std::int64_t groups) {
  return fmt::format("{} group{} of {}, for which mx.quantize has no defined result", groups, groups == 1 ? "" : "s",
                     row(q.mode).has_biases ? "infinities or NaN" : "infinities, NaN or numbers all below 2^-118");
}

Dtype scale_dtype(const Quantization& quantization, Dtype dtype) {
  return row(quantization.mode).has_biases ? dtype : Dtype::uint8;
}

void unpack_codes(const std::byte* words, std::int64_t count, int bits, std::uint8_t* codes) {
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  for (std::int64_t i = 0; i < count; i += 8, words += bits) {
    std::uint64_t run = 0;
    std::memcpy(&run, words, static_cast<std::size_t>(bits));
    for (int j = 0; j < 8; ++j) codes[i + j] = static_cast<std::uint8_t>(run >> (j * bits) & mask);
  }
}

Quantized quantize_groups(const Quantization& quantization, Dtype dtype, const std::byte* in, std::int64_t groups,
                          std::byte* words, std::byte* scales, std::byte* biases) {
  return HWY_DYNAMIC_DISPATCH(quantize_all)(quantization, dtype, in, groups, words, scales, biases);
}

void dequantize_groups(const Quantization& q, Dtype dtype, const std::byte* words, const std::byte* scales,
                       const std::byte* biases, std::int64_t groups, std::byte* out) {
  const std::size_t width = size_of(dtype), scale_width = size_of(scale_dtype(q, dtype));
  const bool affine = q.mode == QuantizationMode::affine;
  const int count = q.group_size;
  std::array<std::uint8_t, largest_group> codes;
  std::array<float, largest_group> values;
  for (std::int64_t group = 0; group < groups; ++group) {
    unpack_codes(words, count, q.bits, codes.data());
    const float scale = affine ? number(dtype, scales) : float_scale(q.mode, dtype, *scales);
    if (affine)
      for (int i = 0; i < count; ++i) values[i] = static_cast<float>(codes[i]) * scale;
    else if (q.bits == 4)
      for (int i = 0; i < count; ++i) values[i] = (codes[i] & 8 ? -1.0f : 1.0f) * float4_values[codes[i] & 7] * scale;
    else
      for (int i = 0; i < count; ++i) values[i] = from_float8(Dtype::float8_e4m3fn, codes[i]);
    if (affine || q.bits == 8) round_to(dtype, values.data(), static_cast<std::size_t>(count));
    const float bias = affine ? number(dtype, biases) : 0;
    if (affine)
      for (int i = 0; i < count; ++i) values[i] += bias;
    else if (q.bits == 8)
      for (int i = 0; i < count; ++i) values[i] *= scale;
    cast(Dtype::float32, dtype, reinterpret_cast<const std::byte*>(values.data()), static_cast<std::size_t>(count),
         out);
    out += static_cast<std::size_t>(count) * width;
    words += count * q.bits / 8;
    scales += scale_width;
    if (affine) biases += width;
  }
}

}  // namespace torch2mlx::weights
#endif
