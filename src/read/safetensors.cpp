#include "read/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "read/bytes.h"
#include "read/check.h"
#include "read/json.h"

namespace torch2mlx {
namespace {

constexpr std::uint64_t max_header = 100'000'000;
constexpr std::size_t smallest_entry =
    std::string_view(R"("":{"dtype":"F32","shape":[],"data_offsets":[0,0]},)").size();

std::uint64_t natural(const Json& value, const std::string& place, std::string_view what) {
  if (!value.is_number_unsigned()) refuse(place, fmt::format("{} must be whole numbers from 0", what));
  const auto number = value.get<std::uint64_t>();
  if (number > INT64_MAX) refuse(place, fmt::format("{} are too large", what));
  return number;
}

struct Data {
  std::shared_ptr<const MappedFile> file;
  std::uint64_t begin, size;
  std::shared_ptr<const Storage> whole = std::make_shared<Storage>(storage_in(file, begin, size));
  Pool<Sizes> lists = {};
};

// Where its elements begin in the data.
std::uint64_t begin_of(const Tensor& tensor, const Data& data) {
  return tensor.storage->file_offset() - data.begin + static_cast<std::uint64_t>(tensor.offset) * size_of(tensor.dtype);
}

std::uint64_t bytes_of(const Tensor& tensor) {
  return static_cast<std::uint64_t>(tensor.elements()) * size_of(tensor.dtype);
}

Tensor read_entry(const Text& name, const Json& value, Data& data) {
  const std::string place = fmt::format("header, tensor '{}'", printable(name));
  const Json *dtype = member(value, "dtype"), *shape = member(value, "shape"), *offsets = member(value, "data_offsets");
  if (!dtype || !dtype->is_string() || !shape || !shape->is_array() || !offsets || !offsets->is_array() ||
      offsets->size() != 2 || value.size() != 3)
    refuse(place, "must have dtype, shape and two data_offsets, and nothing else");
  const auto& dtype_name = dtype->get_ref<const std::string&>();
  const auto found = dtype_from_safetensors(dtype_name);
  if (!found) throw Error(ErrorKind::unsupported, place, fmt::format("dtype '{}' is not known", printable(dtype_name)));

  Tensor tensor;
  tensor.name = name;
  tensor.dtype = *found;
  std::vector<std::int64_t> sizes;
  for (const Json& size : *shape) sizes.push_back(static_cast<std::int64_t>(natural(size, place, "sizes")));
  const std::uint64_t begin = natural((*offsets)[0], place, "data_offsets");
  const std::uint64_t end = natural((*offsets)[1], place, "data_offsets");
  if (begin > end || end > data.size)
    refuse(place, fmt::format("data_offsets [{}, {}] leave the {} bytes of data", begin, end, data.size));
  const auto elements = static_cast<std::uint64_t>(checked_elements(sizes, *found, place));
  if (elements * size_of(*found) != end - begin) refuse(place, "data_offsets do not match shape and dtype");
  tensor.shape = data.lists(sizes);
  tensor.strides = data.lists(row_major(sizes));
  // One storage for all, unless the tensor does not begin at a whole element of it.
  if (begin % size_of(*found) == 0) {
    tensor.storage = data.whole;
    tensor.offset = static_cast<std::int64_t>(begin / size_of(*found));
  } else {
    tensor.storage = std::make_shared<Storage>(storage_in(data.file, data.begin + begin, end - begin));
  }
  return tensor;
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
void check_cover(const std::vector<Tensor>& tensors, const Data& data) {
  std::uint64_t at = 0;
  for (const Tensor& tensor : tensors) {
    const std::uint64_t begin = begin_of(tensor, data);
    if (begin != at)
      refuse(fmt::format("header, tensor '{}'", printable(tensor.name)),
             fmt::format("data begins at {}, where the one before ends at {}", begin, at));
    at = begin + bytes_of(tensor);
  }
  if (at != data.size) refuse("header", fmt::format("tensors end at {} of {} bytes of data", at, data.size));
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
  Data data{.file = file, .begin = 8 + text.size(), .size = bytes.size() - 8 - text.size()};

  Checkpoint checkpoint;
  checkpoint.tensors.reserve(text.size() / smallest_entry);  // address space alone: nothing is copied while it grows
  checkpoint.format = "safetensors";
  checkpoint.path = file->path();
  parse_members(text, "header", [&](const Text& name, const Json& value) {
    if (name == "__metadata__")
      read_metadata(value, checkpoint);
    else
      checkpoint.tensors.push_back(read_entry(name, value, data));
  });
  // JSON may end in any blank, the format in spaces alone.
  if (const auto last = text.find_last_not_of(' '); text[last] != '}')
    refuse(fmt::format("header, byte {}", last), "only spaces may follow the object");
  const auto place = [&](const Tensor& tensor) { return std::pair(begin_of(tensor, data), bytes_of(tensor)); };
  // Sorting takes memory, and most files are.
  if (!std::ranges::is_sorted(checkpoint.tensors, {}, place)) std::ranges::stable_sort(checkpoint.tensors, {}, place);
  check_cover(checkpoint.tensors, data);
  return checkpoint;
}

}  // namespace torch2mlx
