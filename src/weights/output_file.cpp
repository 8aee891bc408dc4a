#include "weights/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.h"

namespace torch2mlx::weights {
namespace {

std::filesystem::path hidden_name(const std::filesystem::path& target) {
  static std::atomic<unsigned> counter = 0;
  return target.parent_path() / fmt::format(".{}.{}-{}.partial", target.filename().string(), getpid(), counter++);
}

// Files of this target that killed processes left; living ones hold a lock on theirs.
void remove_abandoned(const std::filesystem::path& target) {
  const std::string start = fmt::format(".{}.", target.filename().string());
  std::error_code error;
  const auto folder = target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(start) || !name.ends_with(".partial")) continue;
    const int descriptor = ::open(entry.path().c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) continue;
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) ::unlink(entry.path().c_str());
    ::close(descriptor);
  }
}

// Whether the file system cannot reserve space at all, as opposed to has none left.
[[maybe_unused]] bool not_offered(int error) { return error == EOPNOTSUPP || error == ENOSYS; }

}  // namespace

OutputFile::OutputFile(std::filesystem::path target, std::uint64_t size)
    : target_(std::move(target)), temporary_(hidden_name(target_)) {
  remove_abandoned(target_);
  descriptor_ = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail("cannot create it");
  ::flock(descriptor_, LOCK_EX | LOCK_NB);
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

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void OutputFile::fail(const char* what) const {
  throw Error(ErrorKind::input, target_.string(), fmt::format("{}: {}", what, std::strerror(errno)));
}

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
  if (sync && ::fsync(descriptor_) != 0) fail("cannot sync");
  if (::close(std::exchange(descriptor_, -1)) != 0) fail("cannot write");
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
  if (sync) sync_folder(target_.parent_path());
}

void sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace torch2mlx::weights
