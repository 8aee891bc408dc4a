#include "read/torch_checkpoint.h"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "read/bytes.h"
#include "read/check.h"
#include "read/torch_script.h"
#include "read/zip_storages.h"

namespace torch2mlx {
namespace {

// Records of storages by their keys.
class Records {
 public:
  Records(const ZipArchive& archive, std::string_view root)
      : archive_(archive),
        root_(root),
        storages_(archive, is_big_endian(archive, root)),
        dtypes_(archive.entries().size()) {}

  StorageSlice find(const StorageId& id, const std::string& place) {
    const ZipEntry* entry = archive_.find(fmt::format("{}/data/{}", root_, id.key));
    if (!entry) refuse(place, fmt::format("storage '{}' has no record", id.key));
    auto& dtype = dtypes_[archive_.index(*entry)];
    if (dtype && (*dtype != id.dtype || entry->size != id.bytes))
      refuse(place, fmt::format("storage '{}' has another type or size than before", printable(id.key)));
    if (entry->size != id.bytes)
      refuse(place, fmt::format("storage '{}' has {} bytes, its record {}", id.key, id.bytes, entry->size));
    dtype.emplace(id.dtype);
    return storages_.find(*entry);
  }

  void verify() const { storages_.verify(); }

 private:
  const ZipArchive& archive_;
  std::string_view root_;
  ZipStorages storages_;
  std::vector<std::optional<std::optional<Dtype>>> dtypes_;  // by entry, of those that were asked for
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
  values.check_ids();
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
