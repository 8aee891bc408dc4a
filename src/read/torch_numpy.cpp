// NumPy arrays that stand in a checkpoint, as pickle writes them: their bytes are in the pickle itself.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "read/bytes.h"
#include "read/check.h"
#include "read/torch_values.h"

namespace torch2mlx {
namespace {

struct Code {
  std::string_view text;
  Dtype dtype;
};
// numpy.dtype.str without the order of bytes
constexpr std::array codes{Code{"b1", Dtype::boolean},   Code{"i1", Dtype::int8},       Code{"i2", Dtype::int16},
                           Code{"i4", Dtype::int32},     Code{"i8", Dtype::int64},      Code{"u1", Dtype::uint8},
                           Code{"u2", Dtype::uint16},    Code{"u4", Dtype::uint32},     Code{"u8", Dtype::uint64},
                           Code{"f2", Dtype::float16},   Code{"f4", Dtype::float32},    Code{"f8", Dtype::float64},
                           Code{"c8", Dtype::complex64}, Code{"c16", Dtype::complex128}};

bool is_numpy(std::string_view function, std::string_view name) {
  for (const std::string_view package : {"numpy._core.", "numpy.core."})
    if (function.starts_with(package) && function.substr(package.size()) == name) return true;
  return false;
}

// Bytes that protocols before 3 write as the text of these code points.
std::optional<std::vector<std::byte>> from_latin1(std::string_view utf8) {
  std::vector<std::byte> out;
  out.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto first = static_cast<unsigned char>(utf8[i]);
    if (first < 0x80) {
      out.push_back(std::byte{first});
      continue;
    }
    if ((first != 0xC2 && first != 0xC3) || ++i == utf8.size()) return std::nullopt;
    out.push_back(static_cast<std::byte>((first << 6 | (static_cast<unsigned char>(utf8[i]) & 0x3F)) & 0xFF));
  }
  return out;
}

}  // namespace

// _reconstruct(ndarray, (0,), b"b") with the state (1, shape, dtype, fortran, data), or in protocol 5
// _frombuffer(data, dtype, shape, "C").
std::optional<TorchValues::ArrayParts> TorchValues::array_parts(PickleRef ref) const {
  const std::string_view function = called(ref);
  const bool buffer = is_numpy(function, "numeric._frombuffer");
  if (!buffer && !is_numpy(function, "multiarray._reconstruct")) return std::nullopt;
  const PickleRef state = pickle_[ref].state;
  if (!buffer && (state == no_value || pickle_[state].kind != PickleKind::tuple)) return std::nullopt;
  const Args given = buffer ? args(ref) : Args(pickle_[state].items);
  if (given.size() != (buffer ? 4 : 5)) return std::nullopt;
  if (buffer) return ArrayParts{given[2], given[1], given[0], pickle_[given[3]].text == "F"};
  return ArrayParts{given[1], given[2], given[4], pickle_[given[3]].integer != 0};
}

std::optional<Dtype> TorchValues::array_dtype(PickleRef ref) const {
  if (called(ref) != "numpy.dtype" || args(ref).empty()) return std::nullopt;
  const auto* found = std::ranges::find(codes, pickle_[args(ref)[0]].text, &Code::text);
  return found == codes.end() ? std::nullopt : std::optional(found->dtype);
}

bool TorchValues::is_array(PickleRef ref) const {
  const auto parts = array_parts(ref);
  return parts && array_dtype(parts->dtype);
}

std::vector<std::byte> TorchValues::array_bytes(PickleRef ref, const std::string& here) const {
  const PickleValue& value = pickle_[ref];
  const bool plain = value.kind == PickleKind::bytes || value.kind == PickleKind::text;  // Python 2 has no bytes
  if (plain) {
    const auto bytes = std::as_bytes(std::span(value.text));
    return {bytes.begin(), bytes.end()};
  }
  if (called(ref) == "builtins.bytes" && args(ref).empty()) return {};  // an empty array's
  if (called(ref) == "_codecs.encode" && args(ref).size() == 2 && pickle_[args(ref)[0]].kind == PickleKind::text)
    if (auto bytes = from_latin1(pickle_[args(ref)[0]].text)) return std::move(*bytes);
  throw Error(ErrorKind::unsupported, here, fmt::format("a NumPy array of {}, which is not read", class_name(ref)));
}

Tensor TorchValues::array(PickleRef ref, const std::string& name) {
  const std::string here = fmt::format("{}, array '{}'", place(ref), printable(name));
  const ArrayParts parts = array_parts(ref).value();
  const PickleRef state = pickle_[parts.dtype].state;  // (3, order of bytes, ...)
  const auto order = state == no_value ? std::nullopt : sequence(state);
  Tensor tensor{name, array_dtype(parts.dtype).value(), sizes(parts.shape), {}, 0, nullptr};
  const auto count = static_cast<std::uint64_t>(checked_elements(tensor.shape, tensor.dtype, here));
  tensor.strides = row_major(tensor.shape);
  if (parts.fortran) {
    std::vector<std::int64_t> reversed = tensor.shape;
    std::ranges::reverse(reversed);
    reversed = row_major(reversed);
    std::ranges::reverse(reversed);
    tensor.strides = reversed;
  }
  auto bytes = std::make_shared<std::vector<std::byte>>(array_bytes(parts.data, here));
  if (bytes->size() != count * size_of(tensor.dtype))
    refuse(here, fmt::format("{} bytes for {} elements", bytes->size(), count));
  auto storage = std::make_shared<Storage>();
  storage->bytes = *bytes;
  storage->owner = bytes;
  storage->big_endian = order && order->size() > 1 && pickle_[(*order)[1]].text == ">";
  tensor.storage = std::move(storage);
  return tensor;
}

}  // namespace torch2mlx
