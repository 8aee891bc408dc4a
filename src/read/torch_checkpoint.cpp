#include "read/torch_checkpoint.h"

#include <fmt/format.h>

#include "read/bytes.h"
#include "read/check.h"
#include "read/torch_script.h"

namespace torch2mlx {
namespace {

// Records of storages, with those that were asked for kept in mind for their checksums.
class Records {
 public:
  Records(const ZipArchive& archive, std::string_view root)
      : archive_(archive), root_(root), big_endian_(is_big_endian(archive, root)) {}

  std::shared_ptr<const Storage> find(const StorageId& id, const std::string& place) {
    const ZipEntry* entry = archive_.find(fmt::format("{}/data/{}", root_, id.key));
    if (!entry) refuse(place, fmt::format("storage '{}' has no record", id.key));
    if (entry->size != id.bytes)
      refuse(place, fmt::format("storage '{}' has {} bytes, its record {}", id.key, id.bytes, entry->size));
    auto storage = std::make_shared<Storage>(*archive_.read(*entry));
    storage->big_endian = big_endian_;
    checks_.push_back({entry->name, entry->crc, storage->bytes});
    return storage;
  }

  void verify() const { check_crcs(checks_); }

 private:
  const ZipArchive& archive_;
  std::string_view root_;
  bool big_endian_;
  std::vector<CrcCheck> checks_;
};

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
  const Pickle pickle(bytes->bytes, "data.pkl");
  if (pickle.size() != bytes->bytes.size()) refuse("data.pkl", "bytes follow the pickle");

  Checkpoint checkpoint;
  auto scripts = script_classes(archive, root);
  checkpoint.format = scripts.empty() ? "torch zip" : "TorchScript";
  checkpoint.path = file->path();
  Records records(archive, root);
  TorchValues values(pickle, "data.pkl",
                     [&](const StorageId& id, const std::string& place) { return records.find(id, place); });
  values.scripts = std::move(scripts);
  collect(values, checkpoint);
  if (verify) records.verify();
  return checkpoint;
}

}  // namespace torch2mlx
