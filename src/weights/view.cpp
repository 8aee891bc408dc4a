#include "weights/view.h"

#include <algorithm>
#include <cstring>

#include "weights/transpose.h"

namespace torch2mlx::weights {
namespace {

template <std::size_t Size>
void copy_strided(const std::byte* from, std::int64_t stride, std::int64_t count, std::byte* to) {
  for (std::int64_t i = 0; i < count; ++i) std::memcpy(to + i * Size, from + i * stride * Size, Size);
}

void copy_row(const std::byte* from, std::int64_t stride, std::int64_t count, std::size_t size, std::byte* to) {
  if (stride == 1) {
    std::memcpy(to, from, count * size);
    return;
  }
  switch (size) {
    case 1:
      return copy_strided<1>(from, stride, count, to);
    case 2:
      return copy_strided<2>(from, stride, count, to);
    case 4:
      return copy_strided<4>(from, stride, count, to);
    case 8:
      return copy_strided<8>(from, stride, count, to);
    default:
      return copy_strided<16>(from, stride, count, to);
  }
}

// Walks a view's rows (its last axis) in order.
class Rows {
 public:
  Rows(const View& view, std::int64_t first) : view_(view), index_(view.shape.size(), 0) {
    for (auto axis = view.shape.size(); axis-- > 0;) {
      index_[axis] = first % view.shape[axis];
      first /= view.shape[axis];
    }
  }

  const std::byte* here() const {
    std::int64_t offset = 0;
    for (std::size_t axis = 0; axis < index_.size(); ++axis) offset += index_[axis] * view_.strides[axis];
    return view_.at(offset);
  }

  std::int64_t column() const { return index_.back(); }
  // Rows from here to the end of the matrix that the last two axes form.
  std::int64_t rows_left() const { return view_.shape[index_.size() - 2] - index_[index_.size() - 2]; }

  // To the start of the row that lies `rows` further within the same matrix, or of the next matrix.
  void advance(std::int64_t rows) {
    index_.back() = 0;
    if (index_.size() == 1) return;
    index_[index_.size() - 2] += rows;
    for (auto axis = index_.size() - 2; index_[axis] == view_.shape[axis]; --axis) {
      index_[axis] = 0;
      if (axis == 0) return;
      ++index_[axis - 1];
    }
  }

 private:
  const View& view_;
  std::vector<std::int64_t> index_;
};

bool is_transpose(const View& view) {
  const auto rank = view.shape.size();
  return rank >= 2 && view.strides[rank - 1] != 1 && view.strides[rank - 2] == 1;
}

}  // namespace

std::int64_t View::elements() const {
  std::int64_t product = 1;
  for (const auto size_of_axis : shape) product *= size_of_axis;
  return product;
}

View view_of(const Tensor& tensor, const std::vector<int>& permute) {
  View view;
  view.size = row(tensor.dtype).size;
  if (tensor.elements() == 0) {
    view.shape = view.strides = {0};
    return view;
  }
  view.data = tensor.storage->bytes.data();
  view.made = tensor.storage->made.get();
  view.offset = tensor.offset;
  for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
    const auto axis = permute.empty() ? i : static_cast<std::size_t>(permute[i]);
    const auto length = tensor.shape[axis], stride = tensor.strides[axis];
    if (length == 1) continue;
    if (!view.shape.empty() && view.strides.back() == length * stride) {
      view.shape.back() *= length;
      view.strides.back() = stride;
    } else {
      view.shape.push_back(length);
      view.strides.push_back(stride);
    }
  }
  return view;
}

namespace {

// Elements of the storage between the first and the last of a run of the view.
struct Range {
  std::int64_t first, count;
};

Range range_of(const View& view, std::int64_t first, std::int64_t count) {
  std::int64_t low = view.offset, high = view.offset, last = first + count - 1, block = view.elements();
  bool parted = false;  // the two have gone separate ways: axes behind are met whole
  for (std::size_t axis = 0; axis < view.shape.size(); ++axis) {
    block /= view.shape[axis];
    const std::int64_t from = parted ? 0 : first / block, to = parted ? view.shape[axis] - 1 : last / block;
    low += from * view.strides[axis];
    high += to * view.strides[axis];
    parted = parted || from != to;
    first %= block;
    last %= block;
  }
  return {low, high - low + 1};
}

// What is made row-major is laid down for a piece of a view in another order, as long as that is a small range.
void gather_made(const View& view, std::int64_t first, std::int64_t count, std::byte* out) {
  constexpr std::size_t most = 4 << 20;  // bytes, for each thread
  if (view.contiguous()) return view.made->read(view.offset + first, count, out);
  const Range range = range_of(view, first, count);
  if (static_cast<std::size_t>(range.count) * view.size > most) {
    const std::int64_t half = count / 2;
    gather_made(view, first, half, out);
    return gather_made(view, first + half, count - half, out + half * static_cast<std::int64_t>(view.size));
  }
  thread_local std::vector<std::byte> laid;
  laid.resize(std::max(laid.size(), static_cast<std::size_t>(range.count) * view.size));
  view.made->read(range.first, range.count, laid.data());
  View plain = view;
  plain.made = nullptr;
  plain.data = laid.data();
  plain.origin = range.first;
  gather(plain, first, count, out);
}

}  // namespace

void gather(const View& view, std::int64_t first, std::int64_t count, std::byte* out) {
  if (view.made && count > 0) return gather_made(view, first, count, out);
  if (view.shape.empty()) {
    std::memcpy(out, view.at(0), count * view.size);
    return;
  }
  const auto width = view.shape.back();
  const bool transpose = is_transpose(view);
  Rows rows(view, first);
  while (count > 0) {
    const std::byte* from = rows.here();
    std::int64_t taken = std::min(count, width - rows.column()), height = 1;
    if (transpose && rows.column() == 0 && count >= 2 * width) {
      height = std::min(count / width, rows.rows_left());
      transpose_block(from, view.strides.back(), height, width, view.size, out);
      taken = height * width;
    } else {
      copy_row(from, view.strides.back(), taken, view.size, out);
    }
    rows.advance(height);
    out += taken * static_cast<std::int64_t>(view.size);
    count -= taken;
  }
}

std::int64_t gather_step(const View& view, std::size_t bytes) {
  const auto fitting = std::max<std::int64_t>(1, static_cast<std::int64_t>(bytes / view.size));
  if (!is_transpose(view)) return fitting;
  const auto rows = fitting / view.shape.back();
  return rows == 0 ? fitting : rows * view.shape.back();
}

}  // namespace torch2mlx::weights
