#include "weights/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include "weights/abandoned.h"

namespace torch2mlx::weights {
namespace {

constexpr std::string_view partial = ".partial";

std::string hidden_prefix(const std::filesystem::path& target) {
  return fmt::format(".{}.", target.filename().string());
}

std::filesystem::path hidden_name(const std::filesystem::path& target) {
  static std::atomic<unsigned> counter = 0;
  return target.parent_path() / fmt::format("{}{}-{}{}", hidden_prefix(target), getpid(), counter++, partial);
}

// Whether the file system cannot reserve space at all, as opposed to has none left.
[[maybe_unused]] bool not_offered(int error) { return error == EOPNOTSUPP || error == ENOSYS; }

// Waits until what was written lies on the disk. macOS's fsync hands it to the drive, which may hold it back.
bool reaches_disk(int descriptor) {
#ifdef F_FULLFSYNC
  if (::fcntl(descriptor, F_FULLFSYNC) == 0) return true;
  if (errno != ENOTSUP && errno != EINVAL && errno != ENOTTY) return false;  // some file systems have fsync alone
#endif
  return ::fsync(descriptor) == 0;
}

struct WayOut {
  int error;
  const char* hint;
};

constexpr WayOut ways_out[] = {
    {ENOSPC, "free some space, or name another disk"},
    {EDQUOT, "your quota is used up: free some space, or name another disk"},
    {EFBIG, "the file system, or ulimit -f, takes no file of that size"},
    {ENOENT, "its folder must exist"},
    {EACCES, "name a folder that you may write to"},
    {EPERM, "name a folder that you may write to"},
    {EROFS, "name a folder that you may write to"},
};

}  // namespace

Error refused(const std::filesystem::path& path, std::string_view what, int error) {
  const auto* way = std::ranges::find(ways_out, error, &WayOut::error);
  return Error(ErrorKind::input, printable(path.string(), 1000), fmt::format("{}: {}", what, std::strerror(error)),
               way == std::end(ways_out) ? "" : way->hint);
}

OutputFile::OutputFile(std::filesystem::path target, std::uint64_t size) : target_(std::move(target)) {
  remove_abandoned(target_.parent_path(), hidden_prefix(target_), partial);
  create();
  // A destructor does not run for a constructor that throws.
  try {
#ifdef __linux__
    if (size > 0 && ::fallocate(descriptor_, 0, 0, static_cast<off_t>(size)) == 0) return;
    if (size > 0 && !not_offered(errno)) fail("cannot reserve its space");
#endif
    if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) fail("cannot reserve its space");
  } catch (...) {
    ::close(descriptor_);
    ::unlink(temporary_.c_str());
    throw;
  }
}

// Before it is locked, another run may take it for abandoned; and a process in another container has our number, maybe.
void OutputFile::create() {
  struct stat status{};
  do {
    if (descriptor_ >= 0) ::close(descriptor_);
    temporary_ = hidden_name(target_);
    descriptor_ = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0 && errno != EEXIST) {
      temporary_.clear();
      fail("cannot create it");
    }
  } while (descriptor_ < 0 || (lock(descriptor_), ::fstat(descriptor_, &status) == 0 && status.st_nlink == 0));
}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void OutputFile::fail(const char* what) const { throw refused(target_, what, errno); }

void OutputFile::write(std::uint64_t offset, std::span<const std::byte> bytes) const {
  const std::lock_guard lock(writing_);
  while (!bytes.empty()) {
    const auto written = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail("cannot write");
    offset += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void OutputFile::start_writeback([[maybe_unused]] std::uint64_t offset, [[maybe_unused]] std::uint64_t size) const {
#ifdef __linux__
  ::sync_file_range(descriptor_, static_cast<off_t>(offset), static_cast<off_t>(size), SYNC_FILE_RANGE_WRITE);
#endif
}

void OutputFile::commit(bool sync, bool replace) {
  if (sync && !reaches_disk(descriptor_)) fail("cannot sync");
  // Some file systems tell of failed writes at the end alone; the lock lasts until the file has its name.
  if (const int twin = ::dup(descriptor_); twin < 0 || ::close(twin) != 0) fail("cannot write");
  if (replace) {
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail("cannot name it");
  } else {
    // A link, unlike a rename, never replaces.
    if (::link(temporary_.c_str(), target_.c_str()) != 0) {
      if (errno == EEXIST) throw Error(ErrorKind::input, target_.string(), "exists already", "--force replaces it");
      if (std::filesystem::exists(target_) || ::rename(temporary_.c_str(), target_.c_str()) != 0)
        fail("cannot name it");
    } else {
      ::unlink(temporary_.c_str());
    }
  }
  temporary_.clear();
  ::close(std::exchange(descriptor_, -1));
  if (sync) sync_folder(target_.parent_path());
}

void sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  reaches_disk(descriptor);
  ::close(descriptor);
}

}  // namespace torch2mlx::weights
