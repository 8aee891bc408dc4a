#include "read/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "read/bytes.h"
#include "read/check.h"
#include "read/json.h"

namespace torch2mlx {
namespace {

constexpr std::uint64_t max_header = 100'000'000;

struct Entry {
  Tensor tensor;
  std::uint64_t begin, end;
};

std::uint64_t natural(const Json& value, const std::string& place, std::string_view what) {
  if (!value.is_number_unsigned()) refuse(place, fmt::format("{} must be whole numbers from 0", what));
  const auto number = value.get<std::uint64_t>();
  if (number > INT64_MAX) refuse(place, fmt::format("{} are too large", what));
  return number;
}

Entry read_entry(const std::string& name, const Json& value, std::uint64_t data_size) {
  const std::string place = fmt::format("header, tensor '{}'", printable(name));
  const Json *dtype = member(value, "dtype"), *shape = member(value, "shape"), *offsets = member(value, "data_offsets");
  if (!dtype || !dtype->is_string() || !shape || !shape->is_array() || !offsets || !offsets->is_array() ||
      offsets->size() != 2 || value.size() != 3)
    refuse(place, "must have dtype, shape and two data_offsets, and nothing else");
  const auto& dtype_name = dtype->get_ref<const std::string&>();
  const auto found = dtype_from_safetensors(dtype_name);
  if (!found) throw Error(ErrorKind::unsupported, place, fmt::format("dtype '{}' is not known", printable(dtype_name)));

  Entry entry;
  entry.tensor.name = name;
  entry.tensor.dtype = *found;
  for (const Json& size : *shape)
    entry.tensor.shape.push_back(static_cast<std::int64_t>(natural(size, place, "sizes")));
  entry.begin = natural((*offsets)[0], place, "data_offsets");
  entry.end = natural((*offsets)[1], place, "data_offsets");
  if (entry.begin > entry.end || entry.end > data_size)
    refuse(place, fmt::format("data_offsets [{}, {}] leave the {} bytes of data", entry.begin, entry.end, data_size));
  const auto elements = static_cast<std::uint64_t>(checked_elements(entry.tensor.shape, *found, place));
  if (elements * size_of(*found) != entry.end - entry.begin) refuse(place, "data_offsets do not match shape and dtype");
  entry.tensor.strides = row_major(entry.tensor.shape);
  return entry;
}

void read_metadata(const Json& value, Checkpoint& checkpoint) {
  if (value.is_null()) return;  // as MLX writes it where there is none
  if (!value.is_object()) refuse("header, __metadata__", "must be an object");
  for (const auto& [key, text] : value.get_ref<const Json::object_t&>()) {
    if (!text.is_string()) refuse("header, __metadata__", fmt::format("'{}' is not a string", printable(key)));
    checkpoint.metadata.emplace(key, text.get<std::string>());
  }
}

// Holes and overlaps hide bytes or show them twice; the data must be covered exactly.
void check_cover(const std::vector<Entry>& entries, std::uint64_t data_size) {
  std::uint64_t at = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != at)
      refuse(fmt::format("header, tensor '{}'", printable(entry.tensor.name)),
             fmt::format("data begins at {}, where the one before ends at {}", entry.begin, at));
    at = entry.end;
  }
  if (at != data_size) refuse("header", fmt::format("tensors end at {} of {} bytes of data", at, data_size));
}

std::string_view header_text(Bytes bytes) {
  if (bytes.size() < 8) refuse("header", fmt::format("the file has {} bytes, too few for a length", bytes.size()));
  const auto length = load_little<std::uint64_t>(bytes, 0);
  if (length > max_header)
    refuse("header", fmt::format("a length of {} bytes; at most {} are read", length, max_header));
  if (length > bytes.size() - 8)
    refuse("header", fmt::format("a length of {} bytes, but {} follow", length, bytes.size() - 8));
  const std::string_view text = as_text(bytes.subspan(8, static_cast<std::size_t>(length)));
  if (text.empty() || text[0] != '{') refuse("header", "does not begin with '{'");
  return text;
}

}  // namespace

bool looks_like_safetensors(Bytes bytes) {
  if (bytes.size() < 10 || bytes[8] != std::byte{'{'}) return false;
  return load_little<std::uint64_t>(bytes, 0) <= max_header;
}

Checkpoint read_safetensors(const std::shared_ptr<const MappedFile>& file) {
  const Bytes bytes = file->bytes();
  const std::string_view text = header_text(bytes);
  const std::uint64_t data_begin = 8 + text.size(), data_size = bytes.size() - data_begin;
  const Json header = parse_json(text, "header");

  Checkpoint checkpoint;
  checkpoint.format = "safetensors";
  checkpoint.path = file->path();
  std::vector<Entry> entries;
  for (const auto& [name, value] : header.get_ref<const Json::object_t&>()) {
    if (name == "__metadata__")
      read_metadata(value, checkpoint);
    else
      entries.push_back(read_entry(name, value, data_size));
  }
  std::ranges::stable_sort(entries, {}, [](const Entry& e) { return std::tuple(e.begin, e.end); });
  check_cover(entries, data_size);
  for (Entry& entry : entries) {
    const std::uint64_t offset = data_begin + entry.begin;
    entry.tensor.storage = std::make_shared<Storage>(Storage{
        .bytes = bytes.subspan(offset, entry.end - entry.begin), .file = file, .file_offset = offset, .owner = {}});
    checkpoint.tensors.push_back(std::move(entry.tensor));
  }
  return checkpoint;
}

}  // namespace torch2mlx
