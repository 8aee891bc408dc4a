#include "weights/float8.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace torch2mlx::weights {
namespace {

// OCP OFP8 (fn, e5m2), OCP MX (e8m0) and the "fnuz" types: one NaN in the place of -0, no infinities.
struct Format {
  Dtype dtype;
  int exponent_bits, fraction_bits, bias;
  bool infinities, unsigned_zero;
};

constexpr Format formats[] = {
    {Dtype::float8_e4m3fn, 4, 3, 7, false, false},   {Dtype::float8_e5m2, 5, 2, 15, true, false},
    {Dtype::float8_e4m3fnuz, 4, 3, 8, false, true},  {Dtype::float8_e5m2fnuz, 5, 2, 16, false, true},
    {Dtype::float8_e8m0fnu, 8, 0, 127, false, true},
};

const Format* find(Dtype dtype) {
  const auto it = std::ranges::find(formats, dtype, &Format::dtype);
  return it == std::end(formats) ? nullptr : &*it;
}

float decode(const Format& format, int code) {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  if (format.fraction_bits == 0) return code == 0xff ? nan : std::ldexp(1.0f, code - format.bias);
  const int magnitude = code & 0x7f, top = (1 << format.exponent_bits) - 1;
  const int exponent = magnitude >> format.fraction_bits, fraction = magnitude & ((1 << format.fraction_bits) - 1);
  const float sign = code & 0x80 ? -1.0f : 1.0f;
  if (format.unsigned_zero && code == 0x80) return nan;
  if (format.infinities && exponent == top) return fraction == 0 ? sign * std::numeric_limits<float>::infinity() : nan;
  if (!format.infinities && !format.unsigned_zero && magnitude == 0x7f) return nan;
  const int hidden = exponent == 0 ? 0 : 1 << format.fraction_bits;
  return sign *
         std::ldexp(static_cast<float>(fraction + hidden), std::max(exponent, 1) - format.bias - format.fraction_bits);
}

struct Table {
  std::array<float, 256> values;
  int positive = 0;  // codes 0 .. positive are finite, not negative and ascending
  int too_large = 0;
};

Table make(const Format& format) {
  Table table;
  for (int code = 0; code < 256; ++code) table.values[code] = decode(format, code);
  const int last = format.fraction_bits == 0 ? 0xfe : 0x7f;
  while (table.positive < last && std::isfinite(table.values[table.positive + 1])) ++table.positive;
  table.too_large = format.infinities                      ? table.positive + 1
                    : format.unsigned_zero && last == 0x7f ? 0x80
                    : last == 0xfe                         ? 0xff
                                                           : 0x7f;
  return table;
}

const Table& table_of(Dtype dtype) {
  static const auto tables = [] {
    std::array<Table, std::size(formats)> all;
    std::ranges::transform(formats, all.begin(), make);
    return all;
  }();
  return tables[static_cast<std::size_t>(find(dtype) - formats)];
}

}  // namespace

bool is_float8(Dtype dtype) { return find(dtype) != nullptr; }

float from_float8(Dtype dtype, std::uint8_t code) { return table_of(dtype).values[code]; }

std::uint8_t to_float8(Dtype dtype, float value) {
  const Table& table = table_of(dtype);
  const Format& format = *find(dtype);
  const bool negative = std::signbit(value) && format.fraction_bits != 0;
  const int sign = negative ? 0x80 : 0;
  if (std::isnan(value))
    return static_cast<std::uint8_t>(format.unsigned_zero ? (format.fraction_bits ? 0x80 : 0xff) : 0x7f);
  const float magnitude = std::fabs(value);
  const auto begin = table.values.begin(), end = begin + table.positive + 1;
  const auto above = std::upper_bound(begin, end, magnitude);
  int code = 0;
  if (above == end) {
    // Half a step beyond the largest is the first that is too large.
    const float step = table.values[table.positive] - table.values[table.positive - 1];
    if (magnitude >= table.values[table.positive] + step / 2 && magnitude != table.values[table.positive])
      return static_cast<std::uint8_t>(table.too_large |
                                       (table.too_large == 0x80 || format.fraction_bits == 0 ? 0 : sign));
    code = table.positive;
  } else if (above != begin) {
    code = static_cast<int>(above - begin) - 1;
    const float below = magnitude - table.values[code], over = table.values[code + 1] - magnitude;
    if (below > over || (below == over && code % 2 == 1)) ++code;
  }
  if (code == 0 && format.unsigned_zero) return 0;
  return static_cast<std::uint8_t>(code | sign);
}

}  // namespace torch2mlx::weights
