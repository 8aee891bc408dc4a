// Zip archives in place: a directory whose every field agrees with the entries, stored entries as spans of the map.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "read/checkpoint.h"

namespace torch2mlx {

struct ZipEntry {
  std::string_view name;          // in the map
  std::uint64_t data_offset = 0;  // in the file
  std::uint64_t packed_size = 0;  // bytes in the file
  std::uint64_t size = 0;         // bytes when inflated
  std::uint32_t crc = 0;          // 0 with every copy of it 0: not recorded
  bool deflated = false;
};

class ZipArchive {
 public:
  // Throws Error(input), place "zip directory", "zip entry 'x'": local and central headers that disagree, entries that
  // overlap, names that occur twice (whatever their case), encryption, other methods than store and deflate.
  explicit ZipArchive(std::shared_ptr<const MappedFile> file);

  const std::vector<ZipEntry>& entries() const { return entries_; }
  const ZipEntry* find(std::string_view name) const;
  // Folder of the first entry without the slash: every PyTorch archive has one.
  std::string_view root() const;

  // Bytes of an entry: in place if stored, else inflated. The checksum is not looked at.
  std::shared_ptr<const Storage> read(const ZipEntry& entry) const;
  // As `read`, with the checksum, as text. Valid as long as the storage.
  std::shared_ptr<const Storage> read_checked(const ZipEntry& entry) const;

  std::size_t index(const ZipEntry& entry) const { return static_cast<std::size_t>(&entry - entries_.data()); }

  const std::shared_ptr<const MappedFile>& file() const { return file_; }
  std::uint64_t file_size() const { return file_->bytes().size(); }

 private:
  void sort_names();

  std::shared_ptr<const MappedFile> file_;
  std::vector<ZipEntry> entries_;
  std::vector<std::uint32_t> by_name_;  // indices, in the order of the names without regard to case
};

// What read() gave for an entry, to be compared with the entry's checksum.
struct CrcCheck {
  std::string_view name;
  std::uint32_t expected;
  std::span<const std::byte> bytes;
};

// All at once, on every core. Throws Error(input) for the first in file order that differs.
void check_crcs(std::span<const CrcCheck> checks);

bool looks_like_zip(std::span<const std::byte> bytes);

}  // namespace torch2mlx
