#include "base/crc.h"

#include <libdeflate.h>

namespace torch2mlx {
namespace {

// Polynomials over the field of two elements modulo CRC-32's own; the highest bit is the coefficient of 1.
constexpr std::uint32_t modulus = 0xEDB88320, one = 0x80000000;

constexpr std::uint32_t product(std::uint32_t a, std::uint32_t b) {
  std::uint32_t sum = 0;
  for (; a != 0; a <<= 1) {
    if (a & one) sum ^= b;
    b = b & 1 ? b >> 1 ^ modulus : b >> 1;
  }
  return sum;
}

}  // namespace

std::uint32_t crc32_of(std::span<const std::byte> bytes) { return libdeflate_crc32(0, bytes.data(), bytes.size()); }

// Of first, then as many zeros as the second has bytes: a product with x^8 for each. Then the second is added.
std::uint32_t crc32_joined(std::uint32_t first, std::uint32_t second, std::uint64_t size) {
  for (std::uint32_t power = one >> 8; size != 0; size >>= 1, power = product(power, power))
    if (size & 1) first = product(first, power);
  return first ^ second;
}

}  // namespace torch2mlx
