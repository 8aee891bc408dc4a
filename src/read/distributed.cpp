#include "read/distributed.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "read/bytes.h"
#include "read/check.h"
#include "read/hf_folder.h"
#include "read/python_values.h"
#include "read/tiles.h"
#include "read/torch_tree.h"

namespace torch2mlx {
namespace {

namespace fs = std::filesystem;

using Shape = std::vector<std::int64_t>;

constexpr const char* metadata_name = ".metadata";
constexpr std::uint64_t largest_metadata = std::uint64_t{1} << 30;

// Where an item lies. _StorageInfo of torch/distributed/checkpoint/filesystem.py.
struct Item {
  std::string file;
  std::uint64_t offset = 0, length = 0;
  bool transformed = false;  // compressed
};

struct Chunk {
  Shape at, shape;
};

struct Entry {
  std::string fqn;                // "model.a.weight", of the items
  std::vector<std::string> path;  // steps from the root, or from the entry that is read: "model", "a.weight"
  bool told = false;              // by the file: else cut at the first dot
  Dtype dtype = Dtype::float32;
  Shape shape = {};
  std::vector<Chunk> chunks = {};
};

using ItemKey = std::pair<std::string, Shape>;  // name and offsets of the chunk

class Metadata {
 public:
  explicit Metadata(TorchValues& values) : values_(values), root_(values.pickle().root_ref()) {
    if (values_.class_name(root_) != "torch.distributed.checkpoint.metadata.Metadata")
      refuse(values_.place(root_),
             fmt::format("{} is no Metadata of torch.distributed.checkpoint", printable(values_.class_name(root_))));
    read_items();
    read_entries();
  }

  std::vector<Entry> entries;
  std::map<ItemKey, Item> items;
  std::vector<std::string> objects;  // names of what is no tensor

 private:
  PickleRef member(std::string_view name) const {
    const PickleRef found = attribute_of(values_, root_, name);
    if (found == no_value) refuse(values_.place(root_), fmt::format("no {}", name));
    return found;
  }

  Shape shape_of(PickleRef object, std::string_view name) const {
    const auto shape = integers_of(values_, attribute_of(values_, object, name));
    if (!shape) refuse(values_.place(object), fmt::format("no {} of whole numbers", name));
    return *shape;
  }

  void read_items() {
    const PickleRef data = member("storage_data");
    const auto pairs = values_.mapping(data);
    if (!pairs) refuse(values_.place(data), "storage_data is no mapping");
    for (std::size_t i = 0; i + 1 < pairs->size(); i += 2) {
      const PickleRef index = (*pairs)[i], info = (*pairs)[i + 1];
      const auto name = text_of(values_, attribute_of(values_, index, "fqn"));
      if (!name) refuse(values_.place(index), "an index without fqn");
      const PickleRef offset = attribute_of(values_, index, "offset");
      if (offset == no_value || values_.pickle()[offset].kind == PickleKind::none) continue;  // of an object
      if (!items.emplace(ItemKey{*name, shape_of(index, "offset")}, item_of(info)).second)
        refuse(values_.place(index), fmt::format("two items for one chunk of '{}'", printable(*name)));
    }
  }

  Item item_of(PickleRef info) const {
    const auto file = text_of(values_, attribute_of(values_, info, "relative_path"));
    const auto offset = integer_of(values_, attribute_of(values_, info, "offset"));
    const auto length = integer_of(values_, attribute_of(values_, info, "length"));
    if (!file || !offset || !length || *offset < 0 || *length < 0)
      refuse(values_.place(info), "an item without relative_path, offset and length");
    if (!is_bare_name(*file)) refuse(values_.place(info), fmt::format("bad file name '{}'", printable(*file)));
    const PickleRef transforms = attribute_of(values_, info, "transform_descriptors");
    const bool none = transforms == no_value || values_.pickle()[transforms].kind == PickleKind::none ||
                      values_.sequence(transforms).value_or(std::vector<PickleRef>(1)).empty();
    return {*file, static_cast<std::uint64_t>(*offset), static_cast<std::uint64_t>(*length), !none};
  }

  void read_entries() {
    const PickleRef map = member("state_dict_metadata");
    if (!values_.mapping(map)) refuse(values_.place(map), "state_dict_metadata is no mapping");
    const PickleRef planner = attribute_of(values_, root_, "planner_data");
    std::map<std::string, PickleRef> paths;
    for_each_named(values_, planner, [&](const std::string& name, PickleRef path) { paths.emplace(name, path); });
    for_each_named(values_, map, [&](const std::string& name, PickleRef value) {
      if (values_.class_name(value) != "torch.distributed.checkpoint.metadata.TensorStorageMetadata") {
        objects.push_back(name);
        return;
      }
      Entry entry{.fqn = name, .path = split(name)};
      if (const auto path = paths.find(name); path != paths.end()) take_steps(path->second, entry);
      entry.dtype = dtype_of(value);
      entry.shape = shape_of(value, "size");
      const PickleRef chunks = attribute_of(values_, value, "chunks");
      const auto list = chunks == no_value ? std::nullopt : values_.sequence(chunks);
      if (!list) refuse(values_.place(value), "no chunks");
      for (const PickleRef chunk : *list)
        entry.chunks.push_back({shape_of(chunk, "offsets"), shape_of(chunk, "sizes")});
      entries.push_back(std::move(entry));
    });
  }

  static std::vector<std::string> split(const std::string& name) {
    const auto dot = name.find('.');
    if (dot == name.npos) return {name};
    return {name.substr(0, dot), name.substr(dot + 1)};
  }

  void take_steps(PickleRef path, Entry& entry) const {
    std::vector<std::string> steps;
    for (const PickleRef step : values_.sequence(path).value_or(std::vector<PickleRef>{})) {
      if (const auto text = text_of(values_, step))
        steps.push_back(*text);
      else if (const auto number = integer_of(values_, step))
        steps.push_back(std::to_string(*number));
      else
        return;
    }
    if (steps.empty()) return;
    entry.path = std::move(steps);
    entry.told = true;
  }

  // TensorProperties, whose state is (dtype, layout, requires_grad, memory format, pinned), a mapping in older files.
  Dtype dtype_of(PickleRef tensor) const {
    const PickleRef properties = attribute_of(values_, tensor, "properties");
    PickleRef dtype = attribute_of(values_, properties, "dtype");
    if (dtype == no_value && properties != no_value && values_.pickle()[properties].kind == PickleKind::object)
      if (const PickleRef state = values_.pickle()[properties].state; state != no_value)
        if (const auto fields = values_.sequence(state); fields && !fields->empty()) dtype = fields->front();
    const std::string name = dtype == no_value ? std::string() : values_.class_name(dtype);
    const auto known = name.starts_with("torch.") ? dtype_from_torch(name.substr(6)) : std::nullopt;
    if (!known)
      throw Error(ErrorKind::unsupported, values_.place(tensor), fmt::format("dtype {} is not read", printable(name)));
    return *known;
  }

  const TorchValues& values_;
  PickleRef root_;
};

// The files of a folder, each opened once, and their items.
class Items {
 public:
  Items(const fs::path& folder, const OpenPart& open) : folder_(folder), open_(open) {}

  Tensor read(const Item& item, const std::string& place) {
    if (item.transformed)
      throw Error(ErrorKind::unsupported, place, "its item is compressed, which is not read",
                  "load the folder with torch.distributed.checkpoint and save it without extensions");
    auto& file = files_[item.file];
    if (!file) file = MappedFile::open(member_file(folder_, item.file));
    if (!lies_within(item.offset, item.length, file->bytes().size()) || item.length == 0)
      refuse(place, fmt::format("{} bytes at {} of {}, which has {}", item.length, item.offset, printable(item.file),
                                file->bytes().size()));
    try {
      Checkpoint found = open_(MappedFile::part(file, item.offset, item.length));
      if (found.tensors.size() != 1) refuse({}, fmt::format("an item of {} tensors", found.tensors.size()));
      return std::move(found.tensors[0]);
    } catch (const Error& error) {
      throw error.within(fmt::format("{}, byte {}, {}", printable(item.file), item.offset, place));
    }
  }

  std::uint64_t bytes() const {
    std::uint64_t sum = 0;
    for (const auto& [name, file] : files_) sum += file->bytes().size();
    return sum;
  }

 private:
  const fs::path& folder_;
  const OpenPart& open_;
  std::map<std::string, std::shared_ptr<const MappedFile>> files_;
};

std::string name_of(const Entry& entry) { return fmt::format("{}", fmt::join(entry.path, ".")); }

// Those below the entry `key`, whose dots may be steps or parts of a name; named without it.
std::vector<Entry> below(const std::vector<Entry>& entries, const std::string& key) {
  std::vector<Entry> out;
  for (const Entry& entry : entries)
    for (std::size_t depth = 1; depth < entry.path.size(); ++depth) {
      if (fmt::format(
              "{}", fmt::join(entry.path.begin(), entry.path.begin() + static_cast<std::ptrdiff_t>(depth), ".")) != key)
        continue;
      out.push_back(entry);
      out.back().path.erase(out.back().path.begin(), out.back().path.begin() + static_cast<std::ptrdiff_t>(depth));
      break;
    }
  return out;
}

// The entries of the model: all of them, or those below the entry that is it, as in a nested file of torch.save.
std::vector<Entry> model_of(std::vector<Entry> entries, Checkpoint& checkpoint) {
  for (int depth = 0; depth < 16; ++depth) {
    std::vector<std::string> groups;
    bool direct = false, told = true;
    std::erase_if(entries, [&](const Entry& entry) {
      if (!is_auxiliary_entry(entry.path[0])) return false;
      if (checkpoint.extras.empty() || checkpoint.extras.back().path != printable(entry.path[0], 80))
        checkpoint.extras.push_back({printable(entry.path[0], 80), "beside the model"});
      return true;
    });
    for (const Entry& entry : entries) {
      direct = direct || entry.path.size() == 1;
      told = told && entry.told;
      if (std::ranges::find(groups, entry.path[0]) == groups.end() && groups.size() < 100)
        groups.push_back(entry.path[0]);
    }
    if (direct || entries.empty()) return entries;
    std::string model = preferred_entry(groups);
    if (model.empty() && told && groups.size() == 1) model = groups[0];
    if (model.empty()) return entries;
    for (const std::string& name : groups)
      if (name != model)
        checkpoint.notes.push_back(fmt::format("entry '{}' was read; '{}' holds tensors too (--key {})",
                                               printable(model), printable(name), printable(name)));
    entries = below(entries, model);
  }
  return entries;
}

std::vector<Entry> choose(const Metadata& metadata, const std::string& key, Checkpoint& checkpoint) {
  if (key.empty()) return model_of(metadata.entries, checkpoint);
  auto chosen = below(metadata.entries, key);
  if (!chosen.empty()) return chosen;
  std::set<std::string> groups;
  for (const Entry& entry : metadata.entries)
    if (entry.path.size() > 1) groups.insert(printable(entry.path[0], 80));
  refuse(metadata_name, fmt::format("no entry '{}'", printable(key)),
         fmt::format("these hold tensors: {}", fmt::join(groups, ", ")));
}

Checkpoint read(const fs::path& folder, const Metadata& metadata, const std::string& key, const OpenPart& open) {
  Checkpoint checkpoint;
  checkpoint.format = "torch.distributed.checkpoint";
  checkpoint.path = folder;
  const auto entries = choose(metadata, key, checkpoint);
  if (entries.empty()) refuse(metadata_name, "no tensors in the model");
  Items items(folder, open);
  for (const Entry& entry : entries) {
    const std::string name = name_of(entry), place = fmt::format("tensor '{}'", printable(name));
    checked_elements(entry.shape, entry.dtype, place);
    std::vector<Tile> tiles;
    for (const Chunk& chunk : entry.chunks) {
      const auto found = metadata.items.find({entry.fqn, chunk.at});
      if (found == metadata.items.end())
        refuse(metadata_name, fmt::format("{}: no item holds one of its chunks", place));
      Tensor part = items.read(found->second, place);
      if (part.shape != chunk.shape)
        refuse(metadata_name, fmt::format("{}: an item has another shape than its chunk", place));
      tiles.push_back({chunk.at, std::move(part)});
    }
    checkpoint.tensors.push_back(joined(name, entry.dtype, entry.shape, std::move(tiles), place));
  }
  if (!metadata.objects.empty())
    checkpoint.notes.push_back(fmt::format("{} entries that are no tensors were left out, '{}' among them",
                                           metadata.objects.size(), printable(metadata.objects.front(), 80)));
  check_tensors(checkpoint.tensors, items.bytes());
  return checkpoint;
}

}  // namespace

bool is_distributed_folder(const fs::path& folder) { return fs::exists(folder / metadata_name); }

Checkpoint read_distributed(const fs::path& folder, const std::string& key, const OpenPart& open) {
  const auto file = MappedFile::open(member_file(folder, metadata_name));
  if (file->bytes().size() > largest_metadata) refuse(metadata_name, "is too large");
  const Pickle pickle(file->bytes(), metadata_name);
  if (pickle.size() != file->bytes().size()) refuse(metadata_name, "bytes follow the pickle");
  TorchValues values(pickle, metadata_name,
                     [](const StorageId&, const std::string& place) -> StorageSlice { refuse(place, "a storage"); });
  const Metadata metadata(values);
  Checkpoint checkpoint = read(folder, metadata, key, open);
  file->require_unchanged();
  return checkpoint;
}

}  // namespace torch2mlx
