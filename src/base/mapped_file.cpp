#include "base/mapped_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.h"

namespace torch2mlx {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, std::string message) {
  throw Error(ErrorKind::input, printable(path.string(), 1000), std::move(message));
}

// Closes on every way out but the one where the map takes the descriptor over.
struct Descriptor {
  int value;
  ~Descriptor() {
    if (value >= 0) close(value);
  }
};

}  // namespace

std::shared_ptr<const MappedFile> MappedFile::open(const std::filesystem::path& path) {
  // A FIFO without a writer would block a plain open.
  Descriptor descriptor{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
  if (descriptor.value < 0) fail(path, fmt::format("cannot open: {}", std::strerror(errno)));
  const State state = state_of(descriptor.value, path);
  std::span<const std::byte> bytes;
  if (const auto size = static_cast<std::size_t>(state.size); size != 0) {  // mmap refuses a length of 0
    void* address = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor.value, 0);
    if (address == MAP_FAILED) fail(path, fmt::format("cannot map: {}", std::strerror(errno)));
    bytes = {static_cast<const std::byte*>(address), size};
  }
  return std::shared_ptr<const MappedFile>(new MappedFile(path, std::exchange(descriptor.value, -1), bytes, state));
}

std::shared_ptr<const MappedFile> MappedFile::part(std::shared_ptr<const MappedFile> whole, std::size_t begin,
                                                   std::size_t size) {
  const auto bytes = whole->bytes().subspan(begin, size);
  return std::shared_ptr<const MappedFile>(new MappedFile(std::move(whole), bytes));
}

MappedFile::State MappedFile::state_of(int descriptor, const std::filesystem::path& path) {
  struct stat status{};
  if (fstat(descriptor, &status) != 0) fail(path, fmt::format("cannot stat: {}", std::strerror(errno)));
  if (!S_ISREG(status.st_mode)) fail(path, S_ISDIR(status.st_mode) ? "is a directory" : "is not a regular file");
#ifdef __APPLE__
  const timespec& time = status.st_mtimespec;
#else
  const timespec& time = status.st_mtim;
#endif
  return {status.st_size, time.tv_sec, time.tv_nsec};
}

void MappedFile::require_unchanged() const {
  if (whole_) return whole_->require_unchanged();
  if (guard_.met() || state_of(descriptor_, path_) != state_)
    throw Error(ErrorKind::input, printable(path_.string(), 1000), "was changed while it was read",
                "run again when nothing writes to it");
}

MappedFile::MappedFile(std::filesystem::path path, int descriptor, std::span<const std::byte> bytes, const State& state)
    : path_(std::move(path)), descriptor_(descriptor), bytes_(bytes), state_(state), guard_(bytes) {}

MappedFile::MappedFile(std::shared_ptr<const MappedFile> whole, std::span<const std::byte> bytes)
    : whole_(std::move(whole)), path_(whole_->path_), descriptor_(-1), bytes_(bytes), guard_({}) {}

MappedFile::~MappedFile() {
  if (whole_) return;
  if (!bytes_.empty()) munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
  close(descriptor_);
}

}  // namespace torch2mlx
