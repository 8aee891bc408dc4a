#include "read/torch_checkpoint.h"

#include <fmt/format.h>

#include <deque>
#include <optional>
#include <vector>

#include "read/bytes.h"
#include "read/check.h"
#include "read/torch_script.h"

namespace torch2mlx {
namespace {

// Records of storages, with those that were asked for kept in mind for their checksums.
class Records {
  struct Found {
    std::shared_ptr<const Storage> storage;
    std::optional<Dtype> dtype;
  };

 public:
  Records(const ZipArchive& archive, std::string_view root)
      : archive_(archive), root_(root), big_endian_(is_big_endian(archive, root)), found_(archive.entries().size()) {}

  std::shared_ptr<const Storage> find(const StorageId& id, const std::string& place) {
    const ZipEntry* entry = archive_.find(fmt::format("{}/data/{}", root_, id.key));
    if (!entry) refuse(place, fmt::format("storage '{}' has no record", id.key));
    Found& found = found_[archive_.index(*entry)];
    if (found.storage && (found.dtype != id.dtype || entry->size != id.bytes))
      refuse(place, fmt::format("storage '{}' has another type or size than before", printable(id.key)));
    if (entry->size != id.bytes)
      refuse(place, fmt::format("storage '{}' has {} bytes, its record {}", id.key, id.bytes, entry->size));
    if (!found.storage) {
      Storage& storage = storages_->emplace_back(*archive_.read(*entry));
      storage.big_endian = big_endian_;
      found = {{storages_, &storage}, id.dtype};
    }
    return found.storage;
  }

  void verify() const {
    constexpr std::size_t most = 4096;  // at a time
    std::vector<CrcCheck> checks;
    for (const ZipEntry& entry : archive_.entries()) {
      if (const auto& storage = found_[archive_.index(entry)].storage)
        checks.push_back({entry.name, entry.crc, storage->bytes});
      if (checks.size() < most) continue;
      check_crcs(checks);
      checks.clear();
    }
    check_crcs(checks);
  }

 private:
  const ZipArchive& archive_;
  std::string_view root_;
  bool big_endian_;
  // In few blocks, which any of them keeps.
  std::shared_ptr<std::deque<Storage>> storages_ = std::make_shared<std::deque<Storage>>();
  std::vector<Found> found_;  // by entry
};

// The pickle, which is gone when the checksums are compared.
Checkpoint read_object(Bytes bytes, std::map<std::string, ScriptClass> scripts, Records& records,
                       const Collect& collect) {
  const Pickle pickle(bytes, "data.pkl", 0, TorchValues::rebuilds);
  if (pickle.size() != bytes.size()) refuse("data.pkl", "bytes follow the pickle");
  Checkpoint checkpoint;
  checkpoint.format = scripts.empty() ? "torch zip" : "TorchScript";
  TorchValues values(pickle, "data.pkl",
                     [&](const StorageId& id, const std::string& place) { return records.find(id, place); });
  values.scripts = std::move(scripts);
  collect(values, checkpoint);
  return checkpoint;
}

}  // namespace

bool is_big_endian(const ZipArchive& archive, std::string_view root) {
  const ZipEntry* entry = archive.find(fmt::format("{}/byteorder", root));
  if (!entry) return false;  // before 2.1 there was no such record
  const auto storage = archive.read_checked(*entry);
  const std::string_view order = as_text(storage->bytes);
  if (order != "little" && order != "big") refuse("byteorder", fmt::format("'{}' is no byte order", printable(order)));
  return order == "big";
}

Checkpoint read_torch_zip(const std::shared_ptr<const MappedFile>& file, const ZipArchive& archive,
                          const Collect& collect, bool verify) {
  const std::string_view root = archive.root();
  const ZipEntry* entry = archive.find(fmt::format("{}/data.pkl", root));
  if (!entry) refuse({}, "a zip archive without data.pkl: not a PyTorch file");
  const auto bytes = archive.read_checked(*entry);
  Records records(archive, root);
  Checkpoint checkpoint = read_object(bytes->bytes, script_classes(archive, root), records, collect);
  checkpoint.path = file->path();
  if (verify) records.verify();
  return checkpoint;
}

}  // namespace torch2mlx
