#include "read/made.h"

#include <algorithm>
#include <cstring>

#include "read/check.h"

namespace torch2mlx {
namespace {

// Steps through the rows of a tensor (its last axis).
class RowWalk {
 public:
  RowWalk(const Tensor& tensor, std::int64_t first) : tensor_(tensor), index_(tensor.shape.size(), 0) {
    for (std::size_t axis = index_.size(); axis-- > 0;) {
      index_[axis] = first % tensor.shape[axis];
      first /= tensor.shape[axis];
    }
  }

  std::int64_t offset() const {
    std::int64_t at = tensor_.offset;
    for (std::size_t axis = 0; axis < index_.size(); ++axis) at += index_[axis] * tensor_.strides[axis];
    return at;
  }

  std::int64_t left() const { return index_.empty() ? 1 : tensor_.shape.back() - index_.back(); }

  void next_row() {
    if (index_.empty()) return;
    index_.back() = 0;
    for (std::size_t axis = index_.size() - 1; axis-- > 0;) {
      if (++index_[axis] < tensor_.shape[axis]) return;
      index_[axis] = 0;
    }
  }

 private:
  const Tensor& tensor_;
  std::vector<std::int64_t> index_;
};

void swap_elements(std::byte* bytes, std::int64_t number, Dtype dtype) {
  const DtypeRow& type = row(dtype);
  const std::size_t size = type.kind == DtypeKind::complex ? type.size / 2 : type.size;
  const std::size_t end = static_cast<std::size_t>(number) * type.size;
  for (std::size_t at = 0; size > 1 && at < end; at += size) std::reverse(bytes + at, bytes + at + size);
}

// One row, or a part of it.
void read_row(const Tensor& tensor, std::int64_t offset, std::int64_t number, std::byte* out) {
  const Storage& storage = *tensor.storage;
  const auto size = static_cast<std::int64_t>(size_of(tensor.dtype));
  const std::int64_t stride = tensor.shape.empty() ? 1 : tensor.strides.back();
  if (stride == 1 || number == 1) {
    if (storage.made)
      storage.made->read(offset, number, out);
    else
      std::memcpy(out, storage.bytes.data() + offset * size, static_cast<std::size_t>(number * size));
    return;
  }
  for (std::int64_t i = 0; i < number; ++i)
    if (storage.made)
      storage.made->read(offset + i * stride, 1, out + i * size);
    else
      std::memcpy(out + i * size, storage.bytes.data() + (offset + i * stride) * size, static_cast<std::size_t>(size));
}

}  // namespace

void Made::add_source(std::shared_ptr<const Storage> storage) {
  if (storage && std::ranges::find(sources_, storage) == sources_.end()) sources_.push_back(std::move(storage));
}

Tensor tensor_of(std::shared_ptr<const Made> made, std::string name, std::vector<std::int64_t> shape) {
  auto storage = std::make_shared<Storage>();
  Tensor tensor{std::move(name), made->dtype, shape, row_major(shape), 0, {}};
  storage->made = std::move(made);
  tensor.storage = std::move(storage);
  return tensor;
}

void read_elements(const Tensor& tensor, std::int64_t first, std::int64_t number, std::byte* out) {
  const auto size = static_cast<std::int64_t>(size_of(tensor.dtype));
  std::byte* const begin = out;
  const std::int64_t all = number;
  if (tensor.contiguous() && number > 0) {
    Tensor flat = tensor;
    flat.shape = {tensor.elements()};
    flat.strides = {1};
    read_row(flat, tensor.offset + first, number, out);
  } else {
    RowWalk walk(tensor, first);
    while (number > 0) {
      const std::int64_t run = std::min(number, walk.left());
      read_row(tensor, walk.offset(), run, out);
      out += run * size;
      number -= run;
      walk.next_row();
    }
  }
  if (tensor.storage && tensor.storage->big_endian) swap_elements(begin, all, tensor.dtype);
}

}  // namespace torch2mlx
