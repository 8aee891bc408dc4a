#include "weights/torch_archive.h"

#include <fmt/format.h>

#include <unordered_map>

#include "base/crc.h"
#include "base/error.h"
#include "read/check.h"
#include "weights/pickle_writer.h"
#include "weights/shards.h"

namespace torch2mlx::weights {
namespace {

constexpr std::uint64_t alignment = 64, too_large = 0xffffffff;

template <class T>
void put(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i)
    out += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xff);
}

std::uint32_t low(std::uint64_t value) { return value >= too_large ? too_large : static_cast<std::uint32_t>(value); }

// One record: its header stands at `at`, its data behind.
struct Entry {
  std::string name;
  std::uint64_t at = 0, size = 0;
  std::uint32_t crc = 0;
  std::string text = {};          // of small records
  std::size_t tensor = SIZE_MAX;  // index into the plan of the others
};

void common_fields(std::string& out, const Entry& entry, std::size_t extra) {
  put<std::uint16_t>(out, entry.size >= too_large || entry.at >= too_large ? 45 : 20);  // version needed
  put<std::uint16_t>(out, 0x0800);                                                      // names are UTF-8
  put<std::uint16_t>(out, 0);                                                           // stored
  put<std::uint16_t>(out, 0);
  put<std::uint16_t>(out, 0x21);  // 1 January 1980
  put<std::uint32_t>(out, entry.crc);
  put<std::uint32_t>(out, low(entry.size));
  put<std::uint32_t>(out, low(entry.size));
  put<std::uint16_t>(out, static_cast<std::uint16_t>(entry.name.size()));
  put<std::uint16_t>(out, static_cast<std::uint16_t>(extra));
}

std::string zip64_sizes(const Entry& entry) {
  std::string field;
  if (entry.size < too_large) return field;
  put<std::uint16_t>(field, 1);
  put<std::uint16_t>(field, 16);
  put<std::uint64_t>(field, entry.size);
  put<std::uint64_t>(field, entry.size);
  return field;
}

// Padded by an extra field ("FB", as torch writes it) so that data begins at a multiple of the alignment.
std::string local_header(const Entry& entry) {
  std::string extra = zip64_sizes(entry);
  const std::uint64_t plain = entry.at + 30 + entry.name.size() + extra.size() + 4;
  const std::uint64_t padding = (alignment - plain % alignment) % alignment;
  put<std::uint16_t>(extra, 0x4246);
  put<std::uint16_t>(extra, static_cast<std::uint16_t>(padding));
  extra.append(padding, 'Z');
  std::string out;
  put<std::uint32_t>(out, 0x04034b50);
  common_fields(out, entry, extra.size());
  return out + entry.name + extra;
}

std::string central_header(const Entry& entry) {
  std::string extra;
  if (entry.size >= too_large || entry.at >= too_large) {
    std::string fields;
    if (entry.size >= too_large) put<std::uint64_t>(fields, entry.size), put<std::uint64_t>(fields, entry.size);
    if (entry.at >= too_large) put<std::uint64_t>(fields, entry.at);
    put<std::uint16_t>(extra, 1);
    put<std::uint16_t>(extra, static_cast<std::uint16_t>(fields.size()));
    extra += fields;
  }
  std::string out;
  put<std::uint32_t>(out, 0x02014b50);
  put<std::uint16_t>(out, 45);  // made by
  common_fields(out, entry, extra.size());
  put<std::uint16_t>(out, 0);  // comment, disk, attributes
  put<std::uint16_t>(out, 0);
  put<std::uint16_t>(out, 0);
  put<std::uint32_t>(out, 0);
  put<std::uint32_t>(out, low(entry.at));
  return out + entry.name + extra;
}

// Directory and end records, which stand at `at`.
std::string directory(const std::vector<Entry>& entries, std::uint64_t at) {
  std::string out;
  for (const Entry& entry : entries) out += central_header(entry);
  const std::uint64_t size = out.size(), end = at + size, count = entries.size();
  put<std::uint32_t>(out, 0x06064b50);  // zip64 end record and its locator, always, as torch writes them
  put<std::uint64_t>(out, 44);
  put<std::uint16_t>(out, 45);
  put<std::uint16_t>(out, 45);
  put<std::uint32_t>(out, 0);
  put<std::uint32_t>(out, 0);
  put<std::uint64_t>(out, count);
  put<std::uint64_t>(out, count);
  put<std::uint64_t>(out, size);
  put<std::uint64_t>(out, at);
  put<std::uint32_t>(out, 0x07064b50);
  put<std::uint32_t>(out, 0);
  put<std::uint64_t>(out, end);
  put<std::uint32_t>(out, 1);
  put<std::uint32_t>(out, 0x06054b50);
  put<std::uint32_t>(out, 0);
  const auto short_count = static_cast<std::uint16_t>(std::min<std::uint64_t>(count, 0xffff));
  put<std::uint16_t>(out, short_count);
  put<std::uint16_t>(out, short_count);
  put<std::uint32_t>(out, low(size));
  put<std::uint32_t>(out, low(at));
  put<std::uint16_t>(out, 0);
  return out;
}

// torch.FloatStorage counted in elements; types without a storage class of their own as bytes, with the type beside.
void write_tensor(PickleWriter& pickle, const Planned& planned, std::size_t storage) {
  const DtypeRow& type = row(planned.dtype);
  const bool typed = !type.storage.empty() && type.dtype != Dtype::complex32;  // whose class weights_only refuses
  pickle.global("torch._utils", typed ? "_rebuild_tensor_v2" : "_rebuild_tensor_v3");
  pickle.mark();
  pickle.mark();
  pickle.text("storage");
  typed ? pickle.global("torch", type.storage) : pickle.global("torch.storage", "UntypedStorage");
  pickle.text(std::to_string(storage));
  pickle.text("cpu");
  pickle.integer(static_cast<std::int64_t>(typed ? planned.bytes() / type.size : planned.bytes()));
  pickle.tuple();
  pickle.persistent();
  pickle.integer(0);
  pickle.integers(planned.shape);
  pickle.integers(row_major(planned.shape));
  pickle.boolean(false);  // requires_grad, hooks
  pickle.global("collections", "OrderedDict");
  pickle.empty_tuple();
  pickle.call();
  if (!typed) pickle.global("torch", type.torch);
  pickle.tuple();
  pickle.call();
}

std::string state_dict(const Plan& plan, const std::vector<std::size_t>& storages) {
  PickleWriter pickle;
  pickle.global("collections", "OrderedDict");
  pickle.empty_tuple();
  pickle.call();
  pickle.mark();
  for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
    if (!is_utf8(plan.tensors[i].name)) throw Error(ErrorKind::input, "tensor names", "one is not UTF-8");
    pickle.text(plan.tensors[i].name);
    write_tensor(pickle, plan.tensors[i], storages[i]);
  }
  pickle.set_items();
  return std::move(pickle).finish();
}

// The storage of each tensor: its own, or the one of the tensor that it is an alias of.
std::vector<std::size_t> storages_of(const Plan& plan) {
  std::unordered_map<std::string_view, std::size_t> by_name;
  std::vector<std::size_t> storages;
  for (const Planned& planned : plan.tensors) {
    const auto alias = plan.aliases.find(planned.name);
    storages.push_back(alias == plan.aliases.end() ? by_name.size() : by_name.at(alias->second));
    if (alias == plan.aliases.end()) by_name.emplace(planned.name, storages.back());
  }
  return storages;
}

}  // namespace

void assign_archive(Plan& plan, const std::string& file) {
  check_sizes(plan);
  const std::string root = file.substr(0, file.rfind('.')) + "/";
  const auto storages = storages_of(plan);
  std::vector<Entry> entries;
  entries.push_back({.name = root + "data.pkl", .text = state_dict(plan, storages)});
  entries.push_back({.name = root + "byteorder", .text = "little"});
  std::size_t next = 0;
  for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
    if (storages[i] != next) {
      plan.tensors[i].parts = {};  // an alias: nothing to write
      continue;
    }
    entries.push_back({.name = fmt::format("{}data/{}", root, next++), .size = plan.tensors[i].bytes(), .tensor = i});
  }
  entries.push_back({.name = root + "version", .text = "3\n"});

  PlannedFile planned{file, 0, {}};
  for (Entry& entry : entries) {
    entry.at = planned.size;
    if (entry.tensor == SIZE_MAX)
      entry.size = entry.text.size(), entry.crc = crc32_of(std::as_bytes(std::span(entry.text)));
    const std::string header = local_header(entry);
    if (entry.tensor == SIZE_MAX)
      planned.literals.push_back({entry.at, header + entry.text});
    else
      plan.tensors[entry.tensor].at = entry.at + header.size();
    planned.size += header.size() + entry.size;
  }
  const std::uint64_t end = planned.size;
  planned.size += directory(entries, end).size();
  plan.files.push_back(std::move(planned));
  plan.finish = [entries = std::move(entries), end](std::span<const std::uint32_t> checksums) mutable {
    std::vector<Literal> literals;
    for (Entry& entry : entries) {
      if (entry.tensor == SIZE_MAX) continue;
      entry.crc = checksums[entry.tensor];
      literals.push_back({entry.at, local_header(entry)});
    }
    literals.push_back({end, directory(entries, end)});
    return literals;
  };
}

}  // namespace torch2mlx::weights
