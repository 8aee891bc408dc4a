// The storages of a zip archive of PyTorch, one a record.
#pragma once

#include <cstddef>
#include <memory>
#include <unordered_map>
#include <vector>

#include "read/torch_storage.h"
#include "read/zip.h"

namespace torch2mlx {

// Bytes of records: those of stored ones in the one Storage of the file, those of deflated ones inflated once.
class ZipStorages {
 public:
  // `archive` outlives it; the slices need neither.
  ZipStorages(const ZipArchive& archive, bool big_endian);

  // Throws Error(input) for bytes that do not inflate to what the entry states.
  StorageSlice find(const ZipEntry& entry);
  // Compares the checksums of what was asked for, which reads all of it. Throws Error(input).
  void verify() const;

 private:
  StorageSlice slice(std::size_t index) const;

  const ZipArchive& archive_;
  bool big_endian_;
  std::shared_ptr<const Storage> whole_;
  std::vector<bool> asked_;  // by entry
  std::unordered_map<std::size_t, std::shared_ptr<const Storage>> inflated_;
};

}  // namespace torch2mlx
