#include "weights/output_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <span>
#include <utility>

#include "base/error.h"
#include "weights/output_file.h"

namespace torch2mlx::weights {
namespace {

namespace fs = std::filesystem;

fs::path nearest_folder(fs::path path) {
  while (!path.empty() && !fs::exists(path)) path = path.parent_path();
  return path.empty() ? fs::path(".") : path;
}

// Beside the target where both lie on one file system and we may write there, else within it.
fs::path staging_parent(const fs::path& target) {
  if (!fs::exists(target)) return nearest_folder(target);
  std::error_code error;
  const fs::path beside = fs::canonical(target, error).parent_path();
  struct stat a{}, b{};
  const bool alike =
      !error && ::stat(beside.c_str(), &a) == 0 && ::stat(target.c_str(), &b) == 0 && a.st_dev == b.st_dev;
  return alike && ::access(beside.c_str(), W_OK) == 0 ? beside : target;
}

[[noreturn]] void fail(const fs::path& path, std::string_view what, const std::error_code& error) {
  throw Error(ErrorKind::input, path.string(), fmt::format("{}: {}", what, error.message()));
}

bool is_weights(const std::string& name) {
  return name.starts_with("model") && (name.ends_with(".safetensors") || name.ends_with(".safetensors.index.json"));
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

// A lock that goes with the process; -1 where somebody else has it.
int lock_of(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor >= 0 && ::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return descriptor;
  if (descriptor >= 0) ::close(descriptor);
  return -1;
}

// What killed processes left; replaced files that they did not get to put back are never thrown away.
void remove_abandoned(const fs::path& parent) {
  std::error_code error;
  for (const auto& name : names_in(parent)) {
    if (!name.starts_with(".torch2mlx-") || !name.ends_with(".partial")) continue;
    const int lock = lock_of(parent / name);
    if (lock < 0) continue;
    const fs::path replaced = parent / name / ".replaced";
    if (!fs::exists(replaced, error) || fs::is_empty(replaced, error)) fs::remove_all(parent / name, error);
    ::close(lock);
  }
}

bool swap_names([[maybe_unused]] const fs::path& a, [[maybe_unused]] const fs::path& b) {
#if defined(__linux__)
  return ::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0;
#elif defined(__APPLE__)
  return ::renamex_np(a.c_str(), b.c_str(), RENAME_SWAP) == 0;
#else
  return false;
#endif
}

// Moves that can be taken back.
class Moves {
 public:
  ~Moves() {
    std::error_code ignored;
    for (auto it = done_.rbegin(); it != done_.rend(); ++it) fs::rename(it->second, it->first, ignored);
  }
  void move(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::rename(from, to, error);
    if (error) fail(to, "cannot move a file there", error);
    done_.emplace_back(from, to);
  }
  void keep() { done_.clear(); }

 private:
  std::vector<std::pair<fs::path, fs::path>> done_;
};

}  // namespace

OutputFolder::OutputFolder(fs::path target, bool replace) : target_(std::move(target)), replace_(replace) {
  if (!target_.has_filename()) target_ = target_.parent_path();  // "out/"
  target_exists_ = fs::exists(target_);
  if (target_exists_ && !fs::is_directory(target_)) throw Error(ErrorKind::input, target_.string(), "is not a folder");
  const fs::path parent = staging_parent(target_);
  if (!fs::is_directory(parent)) throw Error(ErrorKind::input, parent.string(), "is not a folder");
  if (target_exists_ && ::access(target_.c_str(), W_OK) != 0)
    fail(target_, "cannot create files there", std::error_code(errno, std::generic_category()));
  for (const fs::path& folder : {parent, target_}) remove_abandoned(folder);
  staging_ = parent / fmt::format(".torch2mlx-{}.partial", getpid());
  std::error_code error;
  if (!fs::create_directory(staging_, error)) fail(target_, "cannot create files there", error);
  lock_ = lock_of(staging_);
}

OutputFolder::~OutputFolder() {
  std::error_code ignored;
  fs::remove_all(staging_, ignored);
  if (lock_ >= 0) ::close(lock_);
}

void OutputFolder::expect(const std::vector<std::string>& names) const {
  std::vector<std::string> present;
  if (!replace_)
    for (const auto& name : names_in(target_))
      if (is_weights(name) || std::ranges::find(names, name) != names.end())
        present.push_back((target_ / name).string());
  if (present.size() == 1) throw Error(ErrorKind::input, present[0], "exists already", "--force replaces it");
  if (!present.empty())
    throw Error(ErrorKind::input, target_.string(), fmt::format("{} files exist already", present.size()),
                "--force replaces them", present);
}

void OutputFolder::commit(bool sync) {
  if (target_exists_) {
    const std::vector<std::string> names = names_in(staging_);
    expect(names);
    if (sync) sync_folder(staging_);
    if (!exchange(names)) merge(names);
  } else {
    std::error_code error;
    if (target_.has_parent_path()) fs::create_directories(target_.parent_path(), error);
    if (!error) fs::rename(staging_, target_, error);
    if (error) fail(target_, "cannot create it", error);
  }
  if (sync) sync_folder(target_);
  if (sync) sync_folder(target_.parent_path());
}

// The new folder gets links to what the old one keeps, then both swap their names.
bool OutputFolder::exchange(const std::vector<std::string>& names) const {
  std::error_code error;
  const fs::path target = fs::canonical(target_, error);
  struct stat old{};
  if (error || ::stat(target.c_str(), &old) != 0) return false;
  std::vector<fs::path> linked;
  const auto undo = [&] {
    for (const fs::path& path : linked) fs::remove(path, error);
    return false;
  };
  for (const auto& name : names_in(target)) {
    if (is_weights(name) || std::ranges::find(names, name) != names.end()) continue;
    if (fs::is_directory(fs::symlink_status(target / name, error))) return undo();
    if (::linkat(AT_FDCWD, (target / name).c_str(), AT_FDCWD, (staging_ / name).c_str(), 0) != 0) return undo();
    linked.push_back(staging_ / name);
  }
  const bool alike =
      ::chown(staging_.c_str(), old.st_uid, old.st_gid) == 0 && ::chmod(staging_.c_str(), old.st_mode & 07777) == 0;
  return (alike && swap_names(staging_, target)) || undo();
}

void OutputFolder::merge(const std::vector<std::string>& names) {
  const fs::path replaced = staging_ / ".replaced";
  fs::create_directory(replaced);
  Moves moves;
  for (const auto& name : names_in(target_))
    if (is_weights(name) || std::ranges::find(names, name) != names.end()) moves.move(target_ / name, replaced / name);
  for (const auto& name : names) moves.move(staging_ / name, target_ / name);
  moves.keep();
}

void write_file(const fs::path& path, std::string_view text, bool sync) {
  OutputFile file(path, text.size());
  file.write(0, std::as_bytes(std::span(text)));
  file.commit(sync, true);
}

}  // namespace torch2mlx::weights
