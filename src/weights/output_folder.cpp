#include "weights/output_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <span>
#include <utility>

#include "weights/abandoned.h"
#include "weights/output_file.h"

namespace torch2mlx::weights {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view staging_prefix = ".torch2mlx-", staging_end = ".partial";

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

bool is_index(const std::string& name) {
  return name.starts_with("model") && name.ends_with(".safetensors.index.json");
}

bool is_shard(const std::string& name) { return name.starts_with("model-") && name.ends_with(".safetensors"); }

bool is_weights(const std::string& name) {
  return is_index(name) || (name.starts_with("model") && name.ends_with(".safetensors"));
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
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

// Replacements that can be taken back. There is no moment without a file of that name, old or new.
class Moves {
 public:
  explicit Moves(const fs::path& staging) : linked_(staging / ".linked"), moved_(staging / moved_name) {
    fs::create_directory(linked_);
  }
  ~Moves() {
    std::error_code ignored;
    for (auto it = done_.rbegin(); it != done_.rend(); ++it) fs::rename(it->second, it->first, ignored);
  }

  void move(const fs::path& from, const fs::path& to) {
    const bool fresh = !fs::exists(fs::symlink_status(to));
    if (!fresh) keep(to);
    std::error_code error;
    fs::rename(from, to, error);
    if (error) throw refused(to, "cannot move a file there", error.value());
    if (fresh) done_.emplace_back(from, to);
  }

  void remove(const fs::path& path) {
    if (!fs::exists(fs::symlink_status(path))) return;
    keep(path);
    std::error_code error;
    if (fs::remove(path, error); error) throw refused(path, "cannot remove it", error.value());
  }

  void keep() { done_.clear(); }

 private:
  // A second name, or, on file systems that have none, another one.
  void keep(const fs::path& path) {
    std::error_code error;
    fs::create_hard_link(path, linked_ / path.filename(), error);
    if (!error) return void(done_.emplace_back(path, linked_ / path.filename()));
    fs::create_directory(moved_);
    fs::rename(path, moved_ / path.filename(), error);
    if (error) throw refused(path, "cannot replace it", error.value());
    done_.emplace_back(path, moved_ / path.filename());
  }

  fs::path linked_, moved_;
  std::vector<std::pair<fs::path, fs::path>> done_;
};

}  // namespace

OutputFolder::OutputFolder(fs::path target, bool replace) : target_(std::move(target)), replace_(replace) {
  if (!target_.has_filename()) target_ = target_.parent_path();  // "out/"
  std::error_code error;
  target_exists_ = fs::exists(target_, error);
  if (error) throw refused(target_, "cannot look at it", error.value());
  if (target_exists_ && !fs::is_directory(target_)) throw Error(ErrorKind::input, target_.string(), "is not a folder");
  const fs::path parent = staging_parent(target_);
  if (!fs::is_directory(parent)) throw Error(ErrorKind::input, parent.string(), "is not a folder");
  if (target_exists_ && ::access(target_.c_str(), W_OK) != 0)
    throw refused(target_, "cannot create files there", errno);
  for (const fs::path& folder : {parent, target_}) remove_abandoned(folder, staging_prefix, staging_end);
  create_staging(parent);
}

// Before it is locked, another run may take it for abandoned; and a process in another container has our number, maybe.
void OutputFolder::create_staging(const fs::path& parent) {
  for (unsigned number = 0; lock_ < 0; ++number) {
    staging_ = parent / fmt::format("{}{}-{}{}", staging_prefix, getpid(), number, staging_end);
    std::error_code error;
    if (!fs::create_directory(staging_, error)) {
      if (!error || error == std::errc::file_exists) continue;
      throw refused(target_, "cannot create files there", error.value());
    }
    lock_ = ::open(staging_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock_ < 0 && errno == ENOENT) continue;
    if (lock_ < 0) throw refused(target_, "cannot create files there", errno);
    lock(lock_);
    if (!fs::exists(staging_, error)) ::close(std::exchange(lock_, -1));
  }
}

OutputFolder::~OutputFolder() {
  if (lock_ >= 0) ::close(lock_);
  std::error_code ignored;
  fs::remove_all(staging_, ignored);
}

void OutputFolder::expect(const std::vector<std::string>& names) const {
  std::vector<std::string> present;
  for (const auto& name : names_in(target_)) {
    const bool folder = std::ranges::find(names, name + "/") != names.end();
    if (!folder && !is_weights(name) && std::ranges::find(names, name) == names.end()) continue;
    const bool is_folder = fs::is_directory(fs::symlink_status(target_ / name));
    if (folder && !is_folder)
      throw Error(ErrorKind::input, (target_ / name).string(), "is a file, where a folder is to stand");
    if (is_folder && !folder)
      throw Error(ErrorKind::input, (target_ / name).string(), "is a folder, where a file is to stand");
    if (!replace_) present.push_back((target_ / name).string());
  }
  if (present.size() == 1) throw Error(ErrorKind::input, present[0], "exists already", "--force replaces it");
  if (!present.empty())
    throw Error(ErrorKind::input, target_.string(), fmt::format("{} files exist already", present.size()),
                "--force replaces them", present);
}

void OutputFolder::commit(bool sync) {
  if (target_exists_ || !appear()) {
    const std::vector<std::string> names = names_in(staging_);
    std::vector<std::string> expected = names;
    for (std::string& name : expected)
      if (fs::is_directory(staging_ / name)) name += '/';
    expect(expected);
    if (sync) sync_folder(staging_);
    if (!exchange(names)) merge(names);
  }
  if (sync) sync_folder(target_);
  if (sync) sync_folder(target_.parent_path());
}

// False where another run has made the target meanwhile.
bool OutputFolder::appear() {
  std::error_code error;
  if (target_.has_parent_path()) fs::create_directories(target_.parent_path(), error);
  if (!error) fs::rename(staging_, target_, error);
  if (error == std::errc::directory_not_empty || error == std::errc::file_exists) return false;
  if (error) throw refused(target_, "cannot create it", error.value());
  return true;
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
  Moves moves(staging_);
  // Shards first, then the index that names them, then what nothing names any longer: whoever reads by the index meets
  // one whole set at any moment. Where both sets have shards of one name, there is no index in between.
  const auto clash = [&](const std::string& name) { return is_shard(name) && fs::exists(target_ / name); };
  const std::vector<std::string> present = names_in(target_);
  if (std::ranges::any_of(names, clash))
    for (const auto& name : present)
      if (is_index(name)) moves.remove(target_ / name);
  for (const auto& name : names)
    if (!is_index(name)) moves.move(staging_ / name, target_ / name);
  for (const auto& name : names)
    if (is_index(name)) moves.move(staging_ / name, target_ / name);
  for (const auto& name : present)
    if (is_weights(name) && std::ranges::find(names, name) == names.end()) moves.remove(target_ / name);
  moves.keep();
}

Error OutputFolder::as_seen(const Error& error) const {
  std::string place = error.place();
  const std::string hidden = staging_.string();
  if (place.starts_with(hidden)) place.replace(0, hidden.size(), target_.string());
  return Error(error.kind(), place, error.message(), error.hint(), error.details());
}

void write_file(const fs::path& path, std::string_view text, bool sync) {
  OutputFile file(path, text.size());
  file.write(0, std::as_bytes(std::span(text)));
  file.commit(sync, true);
}

}  // namespace torch2mlx::weights
