// A file that appears complete or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <span>
#include <string_view>

#include "base/error.h"

namespace torch2mlx::weights {

// Error(input) of a system call that failed with `error` (errno), with a hint where there is a usual way out.
Error refused(const std::filesystem::path& path, std::string_view what, int error);

// Written under a hidden name in the target's folder; `commit` gives it its name, the destructor removes it otherwise.
// Those of runs that were killed are removed by the next one with the same target.
// Every member throws Error(input) with the target as place where the system refuses.
class OutputFile {
 public:
  // The space is reserved at once, so that a full disk shows before the work.
  OutputFile(std::filesystem::path target, std::uint64_t size);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  // From any thread. One writes at a time: the kernel locks the file, and threads that wait for it there do so
  // spinning.
  void write(std::uint64_t offset, std::span<const std::byte> bytes) const;
  // Asks the kernel to start writing a part back, so that commit waits less.
  void start_writeback(std::uint64_t offset, std::uint64_t size) const;
  // `sync`: the data and the name survive a power cut. `replace`: an existing target goes.
  void commit(bool sync, bool replace);

 private:
  void create();
  [[noreturn]] void fail(const char* what) const;
  std::filesystem::path target_, temporary_;
  int descriptor_ = -1;
  mutable std::mutex writing_;
};

// As `sync` above for a folder, which makes its names durable. Failures are ignored: some file systems have none.
void sync_folder(const std::filesystem::path& folder);

}  // namespace torch2mlx::weights
