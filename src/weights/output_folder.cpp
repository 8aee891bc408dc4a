#include "weights/output_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
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
  const fs::path parent = nearest_folder(target_);
  if (!fs::is_directory(parent)) throw Error(ErrorKind::input, parent.string(), "is not a folder");
  staging_ = parent / fmt::format(".torch2mlx-{}.partial", getpid());
  std::error_code error;
  if (!fs::create_directory(staging_, error)) fail(target_, "cannot create files there", error);
}

OutputFolder::~OutputFolder() {
  std::error_code ignored;
  fs::remove_all(staging_, ignored);
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
    merge();
  } else {
    std::error_code error;
    if (target_.has_parent_path()) fs::create_directories(target_.parent_path(), error);
    if (!error) fs::rename(staging_, target_, error);
    if (error) fail(target_, "cannot create it", error);
  }
  if (sync) sync_folder(target_);
  if (sync) sync_folder(target_.parent_path());
}

void OutputFolder::merge() {
  const std::vector<std::string> names = names_in(staging_);
  expect(names);
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
