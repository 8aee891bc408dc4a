// A set of files that appears in a folder together or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"

namespace torch2mlx::weights {

// Files are written to `staging()`, a hidden folder beside the target; `commit` puts it in the target's place, with
// whatever else the target held. Until then, and after any failure, a killed process included, the target is as it was;
// what a killed process left goes with the next run. Only a target that holds folders, or that the system does not let
// us exchange, gets its files one by one: weights are one set all the same for whoever reads by the index, but for
// shards of the same names, which are without an index in between. Members throw Error(input) with the path in the way.
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

  // `error` with the target for a place in the staging folder, which is nothing to the user.
  Error as_seen(const Error& error) const;

 private:
  void create_staging(const std::filesystem::path& parent);
  bool appear();
  bool exchange(const std::vector<std::string>& names) const;
  void merge(const std::vector<std::string>& names);
  std::filesystem::path target_, staging_;
  bool replace_, target_exists_;
  int lock_ = -1;  // of the staging folder
};

// Writes a small file in one go.
void write_file(const std::filesystem::path& path, std::string_view text, bool sync);

}  // namespace torch2mlx::weights
