// A read-only view of a whole regular file.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace torch2mlx {

// Shared by every tensor that points into the file; the map lives as long as the last of them.
class MappedFile {
 public:
  // Throws Error(input) if `path` cannot be opened or is not a regular file (a FIFO never blocks).
  static std::shared_ptr<const MappedFile> open(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return bytes_; }
  const std::filesystem::path& path() const { return path_; }
  int descriptor() const { return descriptor_; }  // open for reading, for copy_file_range

 private:
  MappedFile(std::filesystem::path path, int descriptor, std::span<const std::byte> bytes);
  std::filesystem::path path_;
  int descriptor_;
  std::span<const std::byte> bytes_;
};

}  // namespace torch2mlx
