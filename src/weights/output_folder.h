// A set of files that appears in a folder together or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace torch2mlx::weights {

// Files are written to `staging()`, a hidden folder on the same file system; `commit` moves them into the target. A
// target that does not exist yet appears with all of its files at once. Until then, and after any failure, the target
// is as it was. Members throw Error(input) with the path that is in the way.
class OutputFolder {
 public:
  OutputFolder(std::filesystem::path target, bool replace);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  const std::filesystem::path& staging() const { return staging_; }

  // Says early what commit would refuse: a file of that name is there and may not be replaced. Weights of an earlier
  // output under other names (shards) count as such, since loaders take every model*.safetensors of a folder; commit
  // removes them.
  void expect(const std::vector<std::string>& names) const;

  void commit(bool sync);

 private:
  void merge();
  std::filesystem::path target_, staging_;
  bool replace_, target_exists_;
};

// Writes a small file in one go.
void write_file(const std::filesystem::path& path, std::string_view text, bool sync);

}  // namespace torch2mlx::weights
