#include "read/torch_tar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "read/check.h"
#include "read/pickle_text.h"
#include "read/tar.h"
#include "read/torch_records.h"
#include "read/torch_storage.h"

namespace torch2mlx {
namespace {

constexpr std::array member_names = std::to_array<std::string_view>({"sys_info", "storages", "tensors", "pickle"});

// Addresses of the process that wrote: numbers in the tables, their decimal digits in persistent ids.
std::optional<std::int64_t> address(const PickleValue& value) {
  if (value.kind == PickleKind::integer) return value.integer;
  return value.kind == PickleKind::text ? pickle_integer(value.text) : std::nullopt;
}

// Items of a tuple of `count`; `name` is for places.
std::span<const PickleRef> row_of(const Pickle& pickle, PickleRef ref, std::size_t count, const std::string& name) {
  const PickleValue& value = pickle[ref];
  if (value.kind != PickleKind::tuple || value.items.size() != count)
    refuse(fmt::format("{}, byte {}", name, value.at), fmt::format("a tuple of {} was expected", count));
  return value.items;
}

std::int64_t whole(const Pickle& pickle, PickleRef ref, const std::string& name) {
  const PickleValue& value = pickle[ref];
  if (value.kind != PickleKind::integer || value.integer < 0)
    refuse(fmt::format("{}, byte {}", name, value.at), "a number from 0 was expected");
  return value.integer;
}

Dtype dtype_of(const Pickle& pickle, PickleRef ref, const std::string& kind, const std::string& name) {
  const PickleValue& type = pickle[ref];
  const auto dtype = type.kind == PickleKind::global ? dtype_of_class(type.text, kind) : std::nullopt;
  if (!dtype)
    throw Error(ErrorKind::unsupported, fmt::format("{}, byte {}", name, type.at),
                fmt::format("a {} of type {}", kind == "Storage" ? "storage" : "tensor", printable(type.text)));
  return *dtype;
}

// Storages and tensors under their addresses.
class TarTables {
 public:
  void read_storages(TorchRecords records) {
    const std::string name = "storages";
    const Pickle count = records.pickle(name);
    for (std::int64_t left = whole(count, count.root_ref(), name); left > 0; --left) {
      const Pickle entry = records.pickle(name);  // (key, location, type)
      const auto row = row_of(entry, entry.root_ref(), 3, name);
      const Dtype dtype = dtype_of(entry, row[2], "Storage", name);
      const auto elements = records.number<std::uint64_t>(name);
      add(storages_, entry, row[0], name, Stored{records.storage(elements, size_of(dtype), name), dtype});
    }
    const Pickle views = records.pickle(name);
    const TorchValues values(views, name, {});
    const auto rows = values.sequence(views.root_ref());
    if (!rows) refuse(values.place(views.root_ref()), "a list of views was expected");
    for (const PickleRef view : *rows) add_view(views, view, name);
    check_end(records, name);
  }

  void read_tensors(TorchRecords records) {
    const std::string name = "tensors";
    const Pickle count = records.pickle(name);
    for (std::int64_t left = whole(count, count.root_ref(), name); left > 0; --left) {
      const Pickle entry = records.pickle(name);  // (key, storage, type)
      const auto row = row_of(entry, entry.root_ref(), 3, name);
      const std::string here = fmt::format("{}, byte {}", name, entry.root().at);
      const Dtype dtype = dtype_of(entry, row[2], "Tensor", name);
      const Stored stored = storage_of(entry, row[1], dtype, here);
      if (stored.dtype != dtype) refuse(here, "a tensor of another type than its storage");
      add(tensors_, entry, row[0], name, read_layout(records, stored, name, here));
    }
    check_end(records, name);
  }

  // Throws for ids that are neither of a tensor nor of a storage.
  void check_ids(const Pickle& pickle, const std::string& name) const {
    for (PickleRef ref = 0; ref < pickle.count(); ++ref) {
      if (pickle[ref].kind != PickleKind::persistent) continue;
      const auto id = address(pickle[pickle[ref].callable]);
      if (!id || (!tensors_.contains(*id) && !storages_.contains(*id)))
        refuse(fmt::format("{}, byte {}", name, pickle[ref].at), "a persistent id of no tensor and no storage");
    }
  }

  const Tensor* find(const PickleValue& id) const {
    const auto key = address(id);
    const auto found = key ? tensors_.find(*key) : tensors_.end();
    return found == tensors_.end() ? nullptr : &found->second;
  }

 private:
  struct Stored {
    StorageSlice storage;
    Dtype dtype;
  };

  template <class Value>
  void add(std::unordered_map<std::int64_t, Value>& table, const Pickle& pickle, PickleRef key, const std::string& name,
           Value value) {
    const std::int64_t id = whole(pickle, key, name);
    const bool known = storages_.contains(id) || tensors_.contains(id);
    if (known) refuse(fmt::format("{}, byte {}", name, pickle[key].at), fmt::format("key {} occurs twice", id));
    table.emplace(id, std::move(value));
  }

  // (key, key of the whole, offset, elements)
  void add_view(const Pickle& views, PickleRef view, const std::string& name) {
    const auto row = row_of(views, view, 4, name);
    const std::string here = fmt::format("{}, byte {}", name, views[view].at);
    const auto root = storages_.find(whole(views, row[1], name));
    if (root == storages_.end()) refuse(here, "a view of an unknown storage");
    const Dtype dtype = root->second.dtype;
    const auto offset = static_cast<std::uint64_t>(whole(views, row[2], name)),
               elements = static_cast<std::uint64_t>(whole(views, row[3], name));
    auto part = part_of(root->second.storage, offset, elements, size_of(dtype), here);
    add(storages_, views, row[0], name, Stored{std::move(part), dtype});
  }

  // A tensor without elements may have no storage: None.
  Stored storage_of(const Pickle& entry, PickleRef key, Dtype dtype, const std::string& here) const {
    if (entry[key].kind == PickleKind::none) return {{std::make_shared<Storage>()}, dtype};
    const auto id = address(entry[key]);
    const auto found = id ? storages_.find(*id) : storages_.end();
    if (found == storages_.end()) refuse(here, "a tensor of an unknown storage");
    return found->second;
  }

  // int32 dimensions, 4 bytes that mean nothing, sizes, strides and the offset as int64.
  static Tensor read_layout(TorchRecords& records, const Stored& stored, const std::string& name,
                            const std::string& here) {
    const auto rank = records.number<std::uint32_t>(name);
    records.skip(4, name);
    if (rank > records.left() / 16) refuse(here, fmt::format("a tensor of {} dimensions", rank));
    const auto next = [&] { return static_cast<std::int64_t>(records.number<std::uint64_t>(name)); };
    Tensor tensor;
    tensor.dtype = stored.dtype;
    std::vector<std::int64_t> shape(rank), strides(rank);
    std::ranges::generate(shape, next);
    std::ranges::generate(strides, next);
    tensor.shape = shape;
    tensor.strides = strides;
    tensor.offset = next();
    // There were no scalars: no dimensions meant no elements.
    if (rank == 0 && stored.storage.size == 0) tensor.shape = {0}, tensor.strides = {1};
    put(tensor, stored.storage, here);
    return tensor;
  }

  static void check_end(const TorchRecords& records, const std::string& name) {
    if (records.left() != 0) refuse(records.place(name), "bytes follow the last entry");
  }

  std::unordered_map<std::int64_t, Stored> storages_;
  std::unordered_map<std::int64_t, Tensor> tensors_;
};

// The records of the four members, in the order of their names.
std::array<TorchRecords, member_names.size()> open_members(const std::shared_ptr<const MappedFile>& file) {
  const std::vector<TarMember> members = read_tar(file->bytes());
  for (const TarMember& member : members)
    if (std::ranges::find(member_names, member.name) == member_names.end())
      refuse(fmt::format("tar member '{}'", printable(member.name)), "not of a PyTorch checkpoint");
  const auto open = [&](std::string_view name) {
    const auto found = std::ranges::find(members, name, &TarMember::name);
    if (found == members.end()) refuse({}, fmt::format("a tar archive without '{}': not a PyTorch file", name));
    return TorchRecords(file, found->offset, found->offset + found->size);
  };
  return {open(member_names[0]), open(member_names[1]), open(member_names[2]), open(member_names[3])};
}

}  // namespace

Checkpoint read_torch_tar(const std::shared_ptr<const MappedFile>& file, const Collect& collect) {
  auto [sys_info, storages, tensors, pickle] = open_members(file);
  if (!says_little_endian(sys_info.pickle("sys_info"), "sys_info"))
    throw Error(ErrorKind::unsupported, "sys_info",
                "written on a big-endian machine: the order of its elements is unknown",
                "load it there with PyTorch and save it again");
  TarTables tables;
  tables.read_storages(storages);
  tables.read_tensors(tensors);
  const Pickle object = pickle.pickle("pickle");
  if (pickle.left() != 0) refuse(pickle.place("pickle"), "bytes follow the pickle");
  tables.check_ids(object, "pickle");

  Checkpoint checkpoint;
  checkpoint.format = "torch tar";
  checkpoint.path = file->path();
  TorchValues values(object, "pickle", {}, [&](PickleRef id) { return tables.find(object[id]); });
  collect(values, checkpoint);
  return checkpoint;
}

}  // namespace torch2mlx
