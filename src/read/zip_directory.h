// The end of a zip archive: where its central directory lies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace torch2mlx {

struct ZipDirectory {
  std::uint64_t offset = 0, size = 0, entries = 0;
};

// Throws Error(input), place "zip directory", unless the end records are complete, agree with each other and with the
// file: one disk, nothing behind the end record, nothing between directory and end records.
ZipDirectory find_zip_directory(std::span<const std::byte> bytes);

}  // namespace torch2mlx
