// A read-only view of a whole regular file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "base/fault_guard.h"

namespace torch2mlx {

// Shared by every tensor that points into the file; the map lives as long as the last of them. Bytes of a file that is
// cut short while it is mapped read as zeros.
class MappedFile {
 public:
  // Throws Error(input) if `path` cannot be opened or is not a regular file (a FIFO never blocks).
  static std::shared_ptr<const MappedFile> open(const std::filesystem::path& path);
  // Bytes [begin, begin + size) of `whole` as a file of their own: a member of an archive.
  static std::shared_ptr<const MappedFile> part(std::shared_ptr<const MappedFile> whole, std::size_t begin,
                                                std::size_t size);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return bytes_; }
  const std::filesystem::path& path() const { return path_; }

  // Throws Error(input) if the file has been written to since it was opened, by its size and its time.
  void require_unchanged() const;

 private:
  struct State {
    std::int64_t size = 0, seconds = 0, nanoseconds = 0;  // the last two: of the last write
    bool operator==(const State&) const = default;
  };
  MappedFile(std::filesystem::path path, int descriptor, std::span<const std::byte> bytes, const State& state);
  static State state_of(int descriptor, const std::filesystem::path& path);

  explicit MappedFile(std::shared_ptr<const MappedFile> whole, std::span<const std::byte> bytes);

  std::shared_ptr<const MappedFile> whole_ = {};  // that this is a part of
  std::filesystem::path path_;
  int descriptor_;
  std::span<const std::byte> bytes_;
  State state_;
  FaultGuard guard_;
};

}  // namespace torch2mlx
