// CRC-32 as zip has it.
#pragma once

#include <cstdint>
#include <span>

namespace torch2mlx {

std::uint32_t crc32_of(std::span<const std::byte> bytes);

// Of two pieces behind each other; `size` is that of the second in bytes.
std::uint32_t crc32_joined(std::uint32_t first, std::uint32_t second, std::uint64_t size);

}  // namespace torch2mlx
