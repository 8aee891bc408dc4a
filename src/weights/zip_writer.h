// The records of a zip archive as torch.save writes them: stored, data at multiples of 64 bytes, zip64 where needed.
#pragma once

#include <cstdint>
#include <string>

namespace torch2mlx::weights {

// One record: its header stands at `at`, its data behind.
struct ZipRecord {
  std::string name;
  std::uint64_t at = 0, size = 0;
  std::uint32_t crc = 0;
};

// Padded by an extra field ("FB", as torch writes it) so that data begins at a multiple of the alignment.
std::string local_header(const ZipRecord& record);

// Its entry in the directory.
std::string central_header(const ZipRecord& record);

// The end records behind a directory of `count` entries and `size` bytes that stands at `at`.
std::string directory_end(std::uint64_t count, std::uint64_t size, std::uint64_t at);

}  // namespace torch2mlx::weights
