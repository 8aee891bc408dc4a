#include "base/crc.h"

#include <libdeflate.h>
#include <zlib.h>

namespace torch2mlx {

// libdeflate's is several times as fast as zlib's, which alone can join two.
std::uint32_t crc32_of(std::span<const std::byte> bytes) { return libdeflate_crc32(0, bytes.data(), bytes.size()); }

std::uint32_t crc32_joined(std::uint32_t first, std::uint32_t second, std::uint64_t size) {
  return static_cast<std::uint32_t>(crc32_combine(first, second, static_cast<z_off_t>(size)));
}

}  // namespace torch2mlx
