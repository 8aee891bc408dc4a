#include "read/zip.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <compare>
#include <memory>
#include <new>
#include <numeric>

#include "base/crc.h"
#include "base/parallel.h"
#include "read/bytes.h"
#include "read/check.h"
#include "read/zip_directory.h"

namespace torch2mlx {
namespace {

constexpr std::uint32_t central_mark = 0x02014b50, local_mark = 0x04034b50, descriptor_mark = 0x08074b50;
constexpr std::size_t central_size = 46, local_size = 30;
constexpr std::uint16_t flag_descriptor = 0x0008, flags_known = 0x0808 | 0x0006;  // UTF-8 names; deflate's level
constexpr std::uint32_t in_zip64 = 0xFFFFFFFF;

std::string place_of(std::string_view name) { return fmt::format("zip entry '{}'", printable(name)); }

// Directory fields of one entry and where its local header begins.
struct Central {
  ZipEntry entry;
  std::uint64_t local = 0, end = 0;
  std::uint16_t flags = 0, method = 0;
};

// The 8-byte values of a zip64 field stand in for those of `fields` that are all ones, in their order.
void widen(Bytes extra, std::span<std::uint64_t* const> fields, const std::string& place) {
  bool seen = false;
  for (std::size_t at = 0; at + 4 <= extra.size();) {
    const auto id = load_little<std::uint16_t>(extra, at), size = load_little<std::uint16_t>(extra, at + 2);
    if (!lies_within(at + 4, size, extra.size())) refuse(place, "an extra field is longer than its header says");
    if (id == 1) {
      if (seen) refuse(place, "two zip64 fields");
      seen = true;
      std::size_t from = at + 4;
      for (std::uint64_t* field : fields) {
        if (*field != in_zip64) continue;
        if (from + 8 > at + 4 + size) refuse(place, "the zip64 field is too short");
        *field = load_little<std::uint64_t>(extra, from);
        from += 8;
      }
    }
    at += 4u + size;
  }
}

void check_name(std::string_view name, std::size_t at) {
  const bool sound = !name.empty() && name[0] != '/' && is_utf8(name) && name.find('\\') == name.npos &&
                     std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (!sound) refuse(fmt::format("zip directory, byte {}", at), fmt::format("bad entry name '{}'", printable(name)));
}

Central read_central(Bytes bytes, std::size_t at, std::size_t limit) {
  const std::string here = fmt::format("zip directory, byte {}", at);
  if (!lies_within(at, central_size, limit) || load_little<std::uint32_t>(bytes, at) != central_mark)
    refuse(here, "an entry was expected");
  const auto u16 = [&](std::size_t k) { return load_little<std::uint16_t>(bytes, at + k); };
  const auto u32 = [&](std::size_t k) { return load_little<std::uint32_t>(bytes, at + k); };
  const std::size_t name_size = u16(28), extra_size = u16(30), tail = name_size + extra_size + u16(32);
  if (!lies_within(at + central_size, tail, limit)) refuse(here, "an entry leaves the directory");
  Central central;
  central.local = u32(42);
  central.end = at + central_size + tail;
  central.flags = u16(8);
  central.method = u16(10);
  ZipEntry& entry = central.entry;
  entry.name = as_text(bytes.subspan(at + central_size, name_size));
  check_name(entry.name, at);
  entry.crc = u32(16);
  entry.packed_size = u32(20);
  entry.size = u32(24);
  std::uint64_t* const fields[] = {&entry.size, &entry.packed_size, &central.local};
  widen(bytes.subspan(at + central_size + name_size, extra_size), fields, place_of(entry.name));
  if (u16(34) != 0) refuse(place_of(entry.name), "lies on another disk");
  return central;
}

void check_kind(Central& central, const std::string& place) {
  const ZipEntry& entry = central.entry;
  if (central.flags & 1) refuse(place, "is encrypted");
  if (central.flags & ~flags_known) refuse(place, fmt::format("unknown flags {:#06x}", central.flags));
  if (central.method != 0 && central.method != 8) refuse(place, fmt::format("unknown method {}", central.method));
  central.entry.deflated = central.method == 8;
  if (!entry.deflated && entry.packed_size != entry.size) refuse(place, "is stored, but its two sizes differ");
  // Deflate cannot do better than 1032 to 1.
  if (entry.deflated && entry.size / 1032 > entry.packed_size) refuse(place, "states a size that cannot be");
}

// Size of the record behind the data that repeats checksum and sizes; its mark is optional, its sizes 4 or 8 bytes.
std::size_t descriptor_size(Bytes rest, const ZipEntry& entry) {
  for (const std::size_t mark : {std::size_t{4}, std::size_t{0}}) {
    if (mark != 0 && (rest.size() < 4 || load_little<std::uint32_t>(rest, 0) != descriptor_mark)) continue;
    if (rest.size() < mark + 12 || load_little<std::uint32_t>(rest, mark) != entry.crc) continue;
    if (rest.size() >= mark + 20 && load_little<std::uint64_t>(rest, mark + 4) == entry.packed_size &&
        load_little<std::uint64_t>(rest, mark + 12) == entry.size)
      return mark + 20;
    if (load_little<std::uint32_t>(rest, mark + 4) == entry.packed_size &&
        load_little<std::uint32_t>(rest, mark + 8) == entry.size)
      return mark + 12;
  }
  return 0;
}

// Compares the local header with the directory, finds the data and returns where the entry ends.
std::uint64_t locate(Bytes bytes, std::uint64_t limit, Central& central) {
  ZipEntry& entry = central.entry;
  const std::string place = place_of(entry.name);
  check_kind(central, place);
  const std::uint64_t at = central.local;
  if (!lies_within(at, local_size, limit) || load_little<std::uint32_t>(bytes, at) != local_mark)
    refuse(place, "no local header where the directory says");
  const auto u16 = [&](std::size_t k) { return load_little<std::uint16_t>(bytes, at + k); };
  const auto u32 = [&](std::size_t k) { return load_little<std::uint32_t>(bytes, at + k); };
  const std::size_t name_size = u16(26), extra_size = u16(28);
  if (!lies_within(at + local_size, name_size + extra_size, limit)) refuse(place, "the local header leaves the file");
  if (as_text(bytes.subspan(at + local_size, name_size)) != entry.name) refuse(place, "the local name disagrees");
  if (u16(6) != central.flags || u16(8) != central.method) refuse(place, "local flags or method disagree");

  std::uint64_t packed = u32(18), size = u32(22);
  std::uint64_t* const fields[] = {&size, &packed};
  widen(bytes.subspan(at + local_size + name_size, extra_size), fields, place);
  const bool later = central.flags & flag_descriptor;  // then 0 here, and true behind the data
  const auto agrees = [&](std::uint64_t local, std::uint64_t value) { return local == value || (later && local == 0); };
  if (!agrees(packed, entry.packed_size) || !agrees(size, entry.size)) refuse(place, "local sizes disagree");
  if (!agrees(u32(14), entry.crc)) refuse(place, "the local checksum disagrees");

  entry.data_offset = at + local_size + name_size + extra_size;
  if (!lies_within(entry.data_offset, entry.packed_size, limit)) refuse(place, "the data leaves the file");
  const std::uint64_t end = entry.data_offset + entry.packed_size;
  if (!later) return end;
  const std::size_t behind = descriptor_size(bytes.subspan(end, limit - end), entry);
  if (behind == 0 && entry.packed_size != 0) refuse(place, "the record behind the data disagrees");
  return end + behind;
}

// From the local header to the end of the data.
struct Extent {
  std::uint64_t begin, end;
  std::size_t entry;
};

void check_overlap(std::vector<Extent>& all, const std::vector<ZipEntry>& entries) {
  std::ranges::sort(all, {}, &Extent::begin);
  for (std::size_t i = 1; i < all.size(); ++i)
    if (all[i].begin < all[i - 1].end)
      refuse(place_of(entries[all[i].entry].name),
             fmt::format("overlaps '{}'", printable(entries[all[i - 1].entry].name)));
}

// Without regard to case.
std::strong_ordering compare_names(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end(),
                                                [&](char x, char y) { return lower(x) <=> lower(y); });
}

std::shared_ptr<std::vector<std::byte>> inflate_entry(Bytes packed, const ZipEntry& entry) {
  const std::string place = place_of(entry.name);
  auto out = std::make_shared<std::vector<std::byte>>(entry.size);
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> inflater(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  if (!inflater) throw std::bad_alloc();
  std::size_t read = 0, written = 0;
  const auto status = libdeflate_deflate_decompress_ex(inflater.get(), packed.data(), packed.size(), out->data(),
                                                       out->size(), &read, &written);
  if (status != LIBDEFLATE_SUCCESS || read != packed.size() || written != out->size())
    refuse(place, "the compressed data is damaged");
  return out;
}

}  // namespace

bool looks_like_zip(Bytes bytes) {
  if (bytes.size() < 4) return false;
  const auto mark = load_little<std::uint32_t>(bytes, 0);
  return mark == local_mark || mark == 0x06054b50;  // an empty archive is its end record
}

ZipArchive::ZipArchive(std::shared_ptr<const MappedFile> file) : file_(std::move(file)) {
  const Bytes bytes = file_->bytes();
  const ZipDirectory directory = find_zip_directory(bytes);
  if (directory.entries > directory.size / central_size) refuse("zip directory", "states more entries than it holds");
  std::vector<Extent> all;
  all.reserve(directory.entries);
  entries_.reserve(directory.entries);
  std::uint64_t at = directory.offset, inflated = 0;
  const std::uint64_t limit = directory.offset + directory.size, budget = 4 * bytes.size() + (std::uint64_t{256} << 20);
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    Central central = read_central(bytes, at, limit);
    at = central.end;
    central.end = locate(bytes, directory.offset, central);
    const ZipEntry& entry = central.entry;
    if (entry.size > budget - inflated) refuse(place_of(entry.name), "the entries inflate to far more than the file");
    if (entry.deflated) inflated += entry.size;
    entries_.push_back(entry);
    all.push_back({central.local, central.end, i});
  }
  if (at != limit) refuse("zip directory", "holds more than its entries");
  sort_names();
  check_overlap(all, entries_);
}

void ZipArchive::sort_names() {
  by_name_.resize(entries_.size());
  std::iota(by_name_.begin(), by_name_.end(), 0u);
  const auto compare = [this](std::uint32_t a, std::uint32_t b) {
    return compare_names(entries_[a].name, entries_[b].name);
  };
  std::ranges::sort(by_name_, [&](std::uint32_t a, std::uint32_t b) {
    const auto order = compare(a, b);
    return order < 0 || (order == 0 && a < b);
  });
  std::size_t second = entries_.size();  // the first in the file that repeats a name
  for (std::size_t i = 1; i < by_name_.size(); ++i)
    if (compare(by_name_[i - 1], by_name_[i]) == 0) second = std::min<std::size_t>(second, by_name_[i]);
  if (second != entries_.size()) refuse(place_of(entries_[second].name), "the name occurs twice (case does not count)");
}

const ZipEntry* ZipArchive::find(std::string_view name) const {
  const auto found = std::ranges::lower_bound(
      by_name_, name, [](std::string_view a, std::string_view b) { return compare_names(a, b) < 0; },
      [this](std::uint32_t i) { return entries_[i].name; });
  return found == by_name_.end() || entries_[*found].name != name ? nullptr : &entries_[*found];
}

std::string_view ZipArchive::root() const {
  if (entries_.empty()) return {};
  const std::string_view name = entries_[0].name;
  const std::size_t slash = name.find('/');
  return slash == name.npos ? std::string_view{} : name.substr(0, slash);
}

std::shared_ptr<const Storage> ZipArchive::read(const ZipEntry& entry) const {
  const Storage packed = storage_in(file_, entry.data_offset, entry.packed_size);
  if (!entry.deflated) return std::make_shared<Storage>(packed);
  const auto data = inflate_entry(packed.bytes, entry);
  return std::make_shared<Storage>(Storage{.bytes = *data, .owner = data});
}

std::shared_ptr<const Storage> ZipArchive::read_checked(const ZipEntry& entry) const {
  auto storage = read(entry);
  const CrcCheck check{entry.name, entry.crc, storage->bytes};
  check_crcs({&check, 1});
  return storage;
}

void check_crcs(std::span<const CrcCheck> checks) {
  constexpr std::size_t piece = std::size_t{4} << 20;
  struct Piece {
    Bytes bytes;
    std::uint32_t crc;
  };
  std::vector<Piece> pieces;
  const auto recorded = [](const CrcCheck& check) { return check.expected != 0; };
  for (const CrcCheck& check : checks)
    for (std::size_t at = 0; recorded(check) && at < check.bytes.size(); at += piece)
      pieces.push_back({check.bytes.subspan(at, std::min(piece, check.bytes.size() - at)), 0});
  parallel_for(pieces.size(), 0, [&](std::size_t i) { pieces[i].crc = crc32_of(pieces[i].bytes); });
  std::size_t next = 0;
  for (const CrcCheck& check : checks) {
    if (!recorded(check)) continue;
    std::uint32_t crc = 0;
    for (std::size_t at = 0; at < check.bytes.size(); at += piece, ++next)
      crc = crc32_joined(crc, pieces[next].crc, pieces[next].bytes.size());
    if (crc != check.expected) refuse(place_of(check.name), "the data is damaged: its checksum differs");
  }
}

}  // namespace torch2mlx
