#include "read/torch_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "read/torch_records.h"

namespace torch2mlx {
namespace {

// The long integer 0x1950a86a20f9469cfc6c, little-endian and, in the text protocols, in decimal.
constexpr std::string_view magic("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 10), magic_text =
                                                                                      "119547037146038801333356L";
constexpr std::int64_t protocol = 1001;

void check_magic(const Pickle& first) {
  const PickleValue& number = first.root();
  if (number.kind == PickleKind::huge && (number.text == magic || number.text == magic_text)) return;
  throw Error(ErrorKind::unsupported, {}, "a bare pickle, not a file of torch.save",
              "load it with PyTorch and save it again with torch.save or safetensors");
}

void check_protocol(const Pickle& pickle) {
  const PickleValue& number = pickle.root();
  if (number.kind == PickleKind::integer && number.integer == protocol) return;
  refuse(fmt::format("protocol version, byte {}", number.at), fmt::format("{} was expected", protocol));
}

// The storages that the object names, and where they lie once the keys are read.
class StreamStorages {
 public:
  void collect(const TorchValues& values) {
    const Pickle& pickle = values.pickle();
    for (PickleRef ref = 0; ref < pickle.count(); ++ref) {
      if (pickle[ref].kind != PickleKind::persistent) continue;
      const StorageId id = values.storage_id(ref);
      const auto [used, is_new] = all_.try_emplace(id.key, Used{id, {}});
      if (is_new) order_.push_back(ref);
      if (used->second.id.dtype != id.dtype || used->second.id.elements != id.elements)
        refuse(values.place(ref), fmt::format("storage '{}' has another type or size than before", id.key));
    }
  }

  // The storages in the order of the keys: each key once, and no other.
  void read(TorchRecords& records, bool little_endian) {
    const std::string name = "storage keys";
    const Pickle keys = records.pickle(name);
    if (keys.root().kind != PickleKind::list) refuse(fmt::format("{}, byte {}", name, keys.root().at), "no list");
    for (const PickleRef ref : keys.root().items) {
      const PickleValue& key = keys[ref];
      const auto found = key.kind == PickleKind::text ? all_.find(key.text) : all_.end();
      if (found == all_.end() || found->second.storage.whole)
        refuse(fmt::format("{}, byte {}", name, key.at),
               fmt::format("key '{}' {}", printable(key.text),
                           found == all_.end() ? "is of no storage of the object" : "occurs twice"));
      found->second.storage = read_one(records, found->second.id, little_endian);
    }
  }

  void check_complete(const TorchValues& values) const {
    for (const PickleRef ref : order_)
      if (const std::string_view key = values.storage_id(ref).key; !all_.at(key).storage.whole)
        refuse(values.place(ref), fmt::format("storage '{}' is missing from the storage keys", key));
  }

  const StorageSlice& find(const StorageId& id) const { return all_.at(id.key).storage; }

 private:
  struct Used {
    StorageId id;
    StorageSlice storage;
  };

  // Elements are little-endian whatever machine wrote them (writeFileRaw in torch/csrc/serialization.cpp); the count is
  // in the machine's own order in older files, little-endian in newer ones.
  static StorageSlice read_one(TorchRecords& records, const StorageId& id, bool little_endian) {
    const std::string name = fmt::format("storage '{}'", id.key), here = records.place(name);
    std::uint64_t count = records.number<std::uint64_t>(name);
    if (!little_endian && count != id.elements) count = __builtin_bswap64(count);
    if (count != id.elements) refuse(here, fmt::format("{} elements, {} in the object", count, id.elements));
    return records.storage(count, id.dtype ? size_of(*id.dtype) : 1, name);
  }

  std::unordered_map<std::string_view, Used> all_;
  std::vector<PickleRef> order_;  // first mention of each
};

void refuse_rest(const TorchRecords& records, Bytes file) {
  if (records.left() == 0) return;
  const std::size_t mark = std::min<std::size_t>(records.left(), 14);  // of the magic number's pickle
  if (as_text(records.rest().first(mark)) == as_text(file.first(mark)))
    refuse(records.place("end"), "a second object follows; a file is to hold one");
  refuse(records.place("end"), "bytes follow the last storage");
}

}  // namespace

Checkpoint read_torch_stream(const std::shared_ptr<const MappedFile>& file, const Collect& collect) {
  TorchRecords records(file, 0, file->bytes().size());
  check_magic(records.pickle("pickle"));
  check_protocol(records.pickle("protocol version"));
  const bool little_endian = says_little_endian(records.pickle("system info"), "system info");
  const Pickle object = records.pickle("object");
  StreamStorages storages;
  TorchValues values(
      object, "object", [&](const StorageId& id, const std::string&) { return storages.find(id); }, {},
      TorchValues::stream_id_parts);
  storages.collect(values);
  storages.read(records, little_endian);
  storages.check_complete(values);
  refuse_rest(records, file->bytes());

  Checkpoint checkpoint;
  checkpoint.format = "torch stream";
  checkpoint.path = file->path();
  collect(values, checkpoint);
  return checkpoint;
}

bool looks_like_pickle(Bytes bytes) {
  if (bytes.size() < 2) return false;
  // Protocol 2 and above begins with PROTO; the text protocols of torch.save with the magic number.
  return (bytes[0] == std::byte{0x80} && std::to_integer<int>(bytes[1]) <= 5) ||
         as_text(bytes).starts_with(fmt::format("L{}", magic_text));
}

}  // namespace torch2mlx
