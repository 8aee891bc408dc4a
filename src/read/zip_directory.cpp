#include "read/zip_directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "read/bytes.h"

namespace torch2mlx {
namespace {

constexpr std::size_t end_size = 22, locator_size = 20, end64_size = 56, max_comment = 0xFFFF;
constexpr std::uint32_t end_mark = 0x06054b50, locator_mark = 0x07064b50, end64_mark = 0x06064b50;
const char* const place = "zip directory";

std::size_t find_end(Bytes bytes) {
  if (bytes.size() >= end_size) {
    const std::size_t lowest = bytes.size() - std::min(bytes.size(), end_size + max_comment);
    for (std::size_t at = bytes.size() - end_size + 1; at-- > lowest;) {
      if (load_little<std::uint32_t>(bytes, at) != end_mark) continue;
      // Its comment must end with the file: bytes behind the archive are another file.
      if (load_little<std::uint16_t>(bytes, at + 20) == bytes.size() - at - end_size) return at;
    }
  }
  refuse(place, "no end record: the file is truncated or not a zip archive");
}

// A field of the 32-bit record is the true value or all ones.
void agree(std::uint64_t narrow, std::uint64_t ones, std::uint64_t wide) {
  if (narrow != ones && narrow != wide) refuse(place, "the zip64 end record disagrees with the end record");
}

std::optional<std::size_t> find_end64(Bytes bytes, std::size_t end) {
  if (end < locator_size || load_little<std::uint32_t>(bytes, end - locator_size) != locator_mark) return std::nullopt;
  const std::size_t locator = end - locator_size;
  const auto offset = load_little<std::uint64_t>(bytes, locator + 8);
  if (load_little<std::uint32_t>(bytes, locator + 4) != 0 || load_little<std::uint32_t>(bytes, locator + 16) != 1)
    refuse(place, "the archive spans several disks");
  if (!lies_within(offset, end64_size, locator) || load_little<std::uint32_t>(bytes, offset) != end64_mark ||
      load_little<std::uint64_t>(bytes, offset + 4) != locator - offset - 12)
    refuse(place, "the zip64 end record is not where its locator says");
  return static_cast<std::size_t>(offset);
}

}  // namespace

ZipDirectory find_zip_directory(Bytes bytes) {
  const std::size_t end = find_end(bytes);
  if (load_little<std::uint32_t>(bytes, end + 4) != 0) refuse(place, "the archive spans several disks");
  const auto here = load_little<std::uint16_t>(bytes, end + 8), all = load_little<std::uint16_t>(bytes, end + 10);
  if (here != all) refuse(place, "the archive spans several disks");
  const auto size = load_little<std::uint32_t>(bytes, end + 12), offset = load_little<std::uint32_t>(bytes, end + 16);
  ZipDirectory directory{.offset = offset, .size = size, .entries = all};
  std::size_t after = end;
  if (const auto end64 = find_end64(bytes, end)) {
    after = *end64;
    const auto wide = [&](std::size_t at) { return load_little<std::uint64_t>(bytes, after + at); };
    if (load_little<std::uint64_t>(bytes, after + 16) != 0 || wide(24) != wide(32))
      refuse(place, "the archive spans several disks");
    directory = {.offset = wide(48), .size = wide(40), .entries = wide(32)};
    agree(all, 0xFFFF, directory.entries);
    agree(size, 0xFFFFFFFF, directory.size);
    agree(offset, 0xFFFFFFFF, directory.offset);
  }
  if (!lies_within(directory.offset, directory.size, after) || directory.offset + directory.size != after)
    refuse(place, fmt::format("{} bytes at {} do not end at the end record, byte {}", directory.size, directory.offset,
                              after));
  return directory;
}

}  // namespace torch2mlx
