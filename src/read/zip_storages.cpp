#include "read/zip_storages.h"

#include <utility>

namespace torch2mlx {
namespace {

std::shared_ptr<const Storage> with_order(Storage storage, bool big_endian) {
  storage.big_endian = big_endian;
  return std::make_shared<Storage>(std::move(storage));
}

}  // namespace

ZipStorages::ZipStorages(const ZipArchive& archive, bool big_endian)
    : archive_(archive),
      big_endian_(big_endian),
      whole_(with_order(storage_in(archive.file(), 0, archive.file_size()), big_endian)),
      asked_(archive.entries().size()) {}

StorageSlice ZipStorages::find(const ZipEntry& entry) {
  const std::size_t index = archive_.index(entry);
  asked_[index] = true;
  if (entry.deflated && !inflated_.contains(index))
    inflated_.emplace(index, with_order(*archive_.read(entry), big_endian_));
  return slice(index);
}

StorageSlice ZipStorages::slice(std::size_t index) const {
  const ZipEntry& entry = archive_.entries()[index];
  if (entry.deflated) return {inflated_.at(index), 0, entry.size};
  return {whole_, entry.data_offset, entry.size};
}

void ZipStorages::verify() const {
  constexpr std::size_t most = 4096;  // at a time
  std::vector<CrcCheck> checks;
  for (std::size_t index = 0; index < asked_.size(); ++index) {
    if (!asked_[index]) continue;
    const ZipEntry& entry = archive_.entries()[index];
    checks.push_back({entry.name, entry.crc, slice(index).bytes()});
    if (checks.size() < most) continue;
    check_crcs(checks);
    checks.clear();
  }
  check_crcs(checks);
}

}  // namespace torch2mlx
