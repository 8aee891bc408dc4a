// Tensors of a pickle that are stored otherwise than element by element, made plain: quantized and sparse ones.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "read/bytes.h"
#include "read/check.h"
#include "read/torch_values.h"

namespace torch2mlx {
namespace {

constexpr std::uint64_t largest_dense = std::uint64_t{1} << 30;  // bytes of one tensor that are held in memory

// Calls fn(address of each element) in row-major order.
void for_each_element(const Tensor& tensor, const std::function<void(const std::byte*)>& fn) {
  const std::size_t size = size_of(tensor.dtype);
  std::vector<std::int64_t> index(tensor.shape.size());
  for (std::int64_t count = tensor.elements(); count > 0; --count) {
    std::int64_t at = tensor.offset;
    for (std::size_t axis = 0; axis < index.size(); ++axis) at += index[axis] * tensor.strides[axis];
    fn(tensor.storage->bytes.data() + at * static_cast<std::int64_t>(size));
    for (std::size_t axis = index.size(); axis-- > 0;) {
      if (++index[axis] < tensor.shape[axis]) break;
      index[axis] = 0;
    }
  }
}

template <class T>
T load(const std::byte* at, bool big_endian) {
  std::array<std::byte, sizeof(T)> bytes;
  std::memcpy(bytes.data(), at, sizeof(T));
  if (big_endian) std::ranges::reverse(bytes);
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));
  return value;
}

std::int64_t integer_at(const Tensor& tensor, const std::byte* at) {
  const bool big = tensor.storage->big_endian;
  switch (tensor.dtype) {
    case Dtype::int8:
      return load<std::int8_t>(at, big);
    case Dtype::uint8:
      return load<std::uint8_t>(at, big);
    case Dtype::int32:
      return load<std::int32_t>(at, big);
    default:
      return load<std::int64_t>(at, big);
  }
}

std::vector<std::int64_t> integers(const Tensor& tensor, const std::string& place) {
  if (tensor.dtype != Dtype::int64 && tensor.dtype != Dtype::int32) refuse(place, "indices that are no integers");
  std::vector<std::int64_t> out;
  for_each_element(tensor, [&](const std::byte* at) { out.push_back(integer_at(tensor, at)); });
  return out;
}

std::vector<double> reals(const Tensor& tensor, const std::string& place) {
  if (tensor.dtype != Dtype::float64 && tensor.dtype != Dtype::float32)
    refuse(place, "scales that are no float numbers");
  std::vector<double> out;
  const bool big = tensor.storage->big_endian;
  for_each_element(tensor, [&](const std::byte* at) {
    out.push_back(tensor.dtype == Dtype::float64 ? load<double>(at, big) : load<float>(at, big));
  });
  return out;
}

// A row-major tensor of zeros with memory of its own. Throws where it would be too large.
std::pair<Tensor, std::byte*> make_dense(const std::string& name, Dtype dtype, std::vector<std::int64_t> shape,
                                         const std::string& place) {
  const auto bytes = static_cast<std::uint64_t>(checked_elements(shape, dtype, place)) * size_of(dtype);
  if (bytes > largest_dense)
    throw Error(ErrorKind::unsupported, place,
                fmt::format("would be {} bytes as plain elements; 1 GiB is the limit", bytes));
  auto memory = std::make_shared<std::vector<std::byte>>(bytes);
  auto storage = std::make_shared<Storage>();
  storage->bytes = *memory;
  storage->owner = memory;
  std::byte* data = memory->data();
  return {Tensor{name, dtype, shape, row_major(shape), 0, std::move(storage)}, data};
}

}  // namespace

// storage, offset, size, stride, (per_tensor_affine, scale, zero point) or (per_channel_affine, scales, zero points,
// axis), requires_grad, hooks -> (q - zero point) * scale in float32.
Tensor TorchValues::quantized(Args call, PickleRef ref, const std::string& name) {
  const std::string here = fmt::format("{}, tensor '{}'", place(ref), printable(name));
  const Tensor packed = rebuild(call.subspan(0, 4), false, ref, name);
  const auto how = sequence(call[4]).value_or(std::vector<PickleRef>{});
  const std::string_view scheme = how.empty() || pickle_[how[0]].kind != PickleKind::global ? "" : pickle_[how[0]].text;
  std::vector<double> scales;
  std::vector<std::int64_t> zeros;
  std::size_t axis = 0;
  if (scheme == "torch.per_tensor_affine" && how.size() == 3 && pickle_[how[1]].kind == PickleKind::real &&
      pickle_[how[2]].kind == PickleKind::integer) {
    scales = {pickle_[how[1]].real};
    zeros = {pickle_[how[2]].integer};
  } else if (scheme == "torch.per_channel_affine" && how.size() == 4 && is_tensor(how[1]) && is_tensor(how[2])) {
    scales = reals(tensor(how[1], name), here);
    zeros = integers(tensor(how[2], name), here);
    axis = static_cast<std::size_t>(natural(how[3]));
    if (axis >= packed.shape.size() || scales.size() != zeros.size() ||
        static_cast<std::int64_t>(scales.size()) != packed.shape[axis])
      refuse(here, "scales and zero points do not fit its sizes");
  } else {
    throw Error(ErrorKind::unsupported, here, fmt::format("quantized by {}, which is not read", scheme));
  }
  if (packed.dtype != Dtype::int8 && packed.dtype != Dtype::uint8 && packed.dtype != Dtype::int32)
    throw Error(ErrorKind::unsupported, here, fmt::format("quantized {} is not read", row(packed.dtype).torch));
  auto [plain, data] = make_dense(name, Dtype::float32, packed.shape, here);
  std::int64_t behind = 1;  // elements between neighbours along the axis
  for (std::size_t i = axis + 1; i < packed.shape.size(); ++i) behind *= packed.shape[i];
  std::int64_t at = 0;
  for_each_element(packed, [&, out = data](const std::byte* from) {
    const auto channel = scales.size() == 1 ? 0 : static_cast<std::size_t>(at / behind) % scales.size();
    const float value = (static_cast<float>(integer_at(packed, from)) - static_cast<float>(zeros[channel])) *
                        static_cast<float>(scales[channel]);
    std::memcpy(out + at++ * 4, &value, 4);
  });
  notes_.push_back(fmt::format("tensor '{}' is quantized; read as the float32 numbers it stands for", printable(name)));
  return plain;
}

// Complex conjugates and negatives that were never computed: signs are bits.
Tensor TorchValues::resolved(const Tensor& view, bool conjugate, bool negative, const std::string& here) {
  const DtypeRow& type = row(view.dtype);
  const bool is_complex = type.kind == DtypeKind::complex;
  if (!is_complex && (conjugate || type.kind != DtypeKind::floating || type.size < 2))
    throw Error(ErrorKind::unsupported, here, fmt::format("a lazy view of {} is not read", type.torch),
                "save the tensor after .resolve_conj().resolve_neg()");
  auto [plain, data] = make_dense(view.name, view.dtype, view.shape, here);
  const std::size_t number = is_complex ? type.size / 2 : type.size;
  for_each_element(view, [&, out = data](const std::byte* from) mutable {
    std::memcpy(out, from, type.size);
    for (std::size_t at = 0; at < type.size; at += number) {
      if (view.storage->big_endian) std::reverse(out + at, out + at + number);
      const bool flip = negative != (conjugate && at != 0);
      if (flip) out[at + number - 1] ^= std::byte{0x80};
    }
    out += type.size;
  });
  return plain;
}

// layout, (indices, values, size [, coalesced]) or (compressed indices, plain indices, values, size); of TorchScript
// layout, size, requires_grad, the tensors, hooks.
TorchValues::SparseParts TorchValues::sparse_parts(Args call) const {
  SparseParts parts;
  const PickleValue& layout = pickle_[call[0]];
  if (call.size() > 2) {
    constexpr std::array<std::string_view, 3> layouts{"torch.strided", "torch.sparse_coo", "torch.sparse_csr"};
    if (layout.kind == PickleKind::integer && layout.integer >= 0 && layout.integer < 3)
      parts.layout = layouts[static_cast<std::size_t>(layout.integer)];
    parts.data.assign(call.begin() + 3, call.end() - 1);
    parts.data.push_back(call[1]);
    return parts;
  }
  const auto given = called(call[0]) == "torch.serialization._get_layout" ? args(call[0]) : Args{};
  if (given.size() == 1 && pickle_[given[0]].kind == PickleKind::text) parts.layout = pickle_[given[0]].text;
  parts.data = sequence(call[1]).value_or(std::vector<PickleRef>{});
  return parts;
}

Tensor TorchValues::sparse(Args call, PickleRef ref, const std::string& name) {
  const std::string here = fmt::format("{}, tensor '{}'", place(ref), printable(name));
  const auto [layout, data] = sparse_parts(call);
  const bool coo = layout == "torch.sparse_coo", csr = layout == "torch.sparse_csr", csc = layout == "torch.sparse_csc";
  if (!coo && !csr && !csc)
    throw Error(ErrorKind::unsupported, here, fmt::format("sparse layout '{}' is not read", printable(layout)),
                "save the tensor after .to_dense()");
  const std::size_t parts = coo ? 2 : 3;
  if (data.size() < parts + 1 || !std::all_of(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(parts),
                                              [&](PickleRef part) { return is_tensor(part); }))
    refuse(here, "malformed arguments of a sparse tensor");
  const Tensor values = tensor(data[parts - 1], name);
  auto [dense, memory] = make_dense(name, values.dtype, sizes(data[parts]), here);
  if (values.shape.empty()) refuse(here, "values without a count");
  const std::int64_t count = values.shape[0];
  std::vector<std::vector<std::int64_t>> indices;  // by axis
  const Tensor first = tensor(data[0], name);
  if (coo) {
    if (first.shape.size() != 2 || first.shape[1] != count) refuse(here, "indices do not fit the values");
    for (std::int64_t axis = 0; axis < first.shape[0]; ++axis) {
      Tensor one = first;
      one.offset += axis * first.strides[0];
      one.shape = {count};
      one.strides = {first.strides[1]};
      indices.push_back(integers(one, here));
    }
  } else {
    indices.push_back(uncompressed(integers(first, here), count, here));
    indices.push_back(integers(tensor(data[1], name), here));
    if (indices[1].size() != indices[0].size()) refuse(here, "indices do not fit the values");
    if (csc) indices[0].swap(indices[1]);
  }
  scatter(values, indices, dense, memory, here);
  notes_.push_back(fmt::format("tensor '{}' is sparse; read as a dense one", printable(name)));
  return dense;
}

// Row pointers -> the row of each value.
std::vector<std::int64_t> TorchValues::uncompressed(const std::vector<std::int64_t>& pointers, std::int64_t count,
                                                    const std::string& here) {
  std::vector<std::int64_t> rows;
  for (std::size_t i = 0; i + 1 < pointers.size(); ++i) {
    if (pointers[i] != static_cast<std::int64_t>(rows.size()) || pointers[i + 1] < pointers[i] ||
        pointers[i + 1] > count)
      refuse(here, "compressed indices out of order");
    rows.resize(static_cast<std::size_t>(pointers[i + 1]), static_cast<std::int64_t>(i));
  }
  if (static_cast<std::int64_t>(rows.size()) != count) refuse(here, "indices do not fit the values");
  return rows;
}

void TorchValues::scatter(const Tensor& values, const std::vector<std::vector<std::int64_t>>& indices,
                          const Tensor& dense, std::byte* memory, const std::string& here) {
  const std::size_t sparse_axes = indices.size(), size = size_of(values.dtype);
  const bool fits = dense.shape.size() == sparse_axes + values.shape.size() - 1 &&
                    std::equal(values.shape.begin() + 1, values.shape.end(),
                               dense.shape.begin() + static_cast<std::ptrdiff_t>(sparse_axes));
  if (!fits) refuse(here, "values do not fit its sizes");
  const std::int64_t block = values.shape[0] == 0 ? 0 : values.elements() / values.shape[0];
  std::vector<std::int64_t> starts;
  for (std::int64_t i = 0; i < values.shape[0]; ++i) {
    std::int64_t at = 0;
    for (std::size_t axis = 0; axis < sparse_axes; ++axis) {
      const std::int64_t index = indices[axis][static_cast<std::size_t>(i)];
      if (index < 0 || index >= dense.shape[axis])
        refuse(here, fmt::format("index {} of an axis of {}", index, dense.shape[axis]));
      at += index * dense.strides[axis];
    }
    starts.push_back(at);
  }
  auto sorted = starts;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end())
    throw Error(ErrorKind::unsupported, here, "a sparse tensor with duplicate indices is not read",
                "save the tensor after .coalesce()");
  std::int64_t done = 0;
  for_each_element(values, [&](const std::byte* from) {
    const std::int64_t to = starts[static_cast<std::size_t>(done / block)] + done % block;
    std::byte* out = memory + to * static_cast<std::int64_t>(size);
    std::memcpy(out, from, size);
    const std::size_t number = row(values.dtype).kind == DtypeKind::complex ? size / 2 : size;
    for (std::size_t at = 0; values.storage->big_endian && at < size; at += number)
      std::reverse(out + at, out + at + number);
    ++done;
  });
}

}  // namespace torch2mlx
