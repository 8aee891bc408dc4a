#include "weights/low_rank.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

#include "base/error.h"
#include "read/check.h"
#include "read/made.h"
#include "read/tiles.h"
#include "weights/cast.h"

namespace torch2mlx::weights {
namespace {

constexpr std::int64_t step = 4096;  // elements at a time

template <class T>
constexpr Dtype type_of = sizeof(T) == 8 ? Dtype::float64 : Dtype::float32;

// Elements first .. first + number of a tensor as T.
template <class T>
void read_as(const Tensor& tensor, std::int64_t first, std::int64_t number, T* out) {
  std::byte* bytes = reinterpret_cast<std::byte*>(out);
  if (tensor.dtype == type_of<T>) return read_elements(tensor, first, number, bytes);
  std::vector<std::byte> stored(static_cast<std::size_t>(std::min(number, step)) * size_of(tensor.dtype));
  for (std::int64_t at = 0; at < number; at += step) {
    const std::int64_t run = std::min(step, number - at);
    read_elements(tensor, first + at, run, stored.data());
    cast(tensor.dtype, type_of<T>, stored.data(), static_cast<std::size_t>(run),
         bytes + at * static_cast<std::int64_t>(sizeof(T)));
  }
}

template <class T>
void write_as(const std::vector<T>& values, std::int64_t number, Dtype dtype, std::byte* out) {
  cast(type_of<T>, dtype, reinterpret_cast<const std::byte*>(values.data()), static_cast<std::size_t>(number), out);
}

std::uint64_t new_number() {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
}

class LowRank final : public Made {
 public:
  LowRank(const Tensor& base, const Tensor& left, const Tensor& right, double scale)
      : Made(base.elements(), base.dtype),
        base_(base),
        left_(left),
        right_(right),
        scale_(scale),
        number_(new_number()) {
    for (const Tensor* tensor : {&base_, &left_, &right_}) add_source(tensor->storage);
  }

  void read(std::int64_t first, std::int64_t number, std::byte* out) const override {
    if (dtype == Dtype::float64)
      read_wide<double>(first, number, out);
    else
      read_wide<float>(first, number, out);
  }

 private:
  // All of `right`, which a thread meets again with the next piece.
  template <class T>
  const std::vector<T>& right() const {
    thread_local std::uint64_t owner = 0;
    thread_local std::vector<T> values;
    if (owner != number_) {
      values.resize(static_cast<std::size_t>(right_.elements()));
      read_as<T>(right_, 0, right_.elements(), values.data());
      owner = number_;
    }
    return values;
  }

  template <class T>
  void read_wide(std::int64_t first, std::int64_t number, std::byte* out) const {
    const std::int64_t columns = right_.shape[1], rank = right_.shape[0];
    const std::vector<T>& matrix = right<T>();
    std::vector<T> row(static_cast<std::size_t>(rank)), sum(step), own(step);
    std::int64_t known = -1;
    while (number > 0) {
      const std::int64_t at = first / columns, column = first % columns;
      const std::int64_t run = std::min({number, columns - column, step});
      if (at != known) read_as<T>(left_, at * rank, rank, row.data());
      known = at;
      std::fill_n(sum.begin(), run, T{0});
      for (std::int64_t k = 0; k < rank; ++k) {
        const T factor = row[static_cast<std::size_t>(k)];
        const T* from = matrix.data() + k * columns + column;
        for (std::int64_t i = 0; i < run; ++i) sum[static_cast<std::size_t>(i)] += factor * from[i];
      }
      read_as<T>(base_, first, run, own.data());
      for (std::int64_t i = 0; i < run; ++i)
        own[static_cast<std::size_t>(i)] += static_cast<T>(scale_) * sum[static_cast<std::size_t>(i)];
      write_as<T>(own, run, dtype, out);
      out += run * static_cast<std::int64_t>(size_of(dtype));
      first += run;
      number -= run;
    }
  }

  Tensor base_, left_, right_;
  double scale_;
  std::uint64_t number_;  // of no other
};

class Scaled final : public Made {
 public:
  Scaled(const Tensor& tensor, double by) : Made(tensor.elements(), tensor.dtype), tensor_(tensor), by_(by) {
    add_source(tensor_.storage);
  }

  void read(std::int64_t first, std::int64_t number, std::byte* out) const override {
    std::vector<double> values(static_cast<std::size_t>(std::min(number, step)));
    for (; number > 0; first += step, number -= step) {
      const std::int64_t run = std::min(step, number);
      read_as<double>(tensor_, first, run, values.data());
      for (double& value : values) value *= by_;
      write_as<double>(values, run, dtype, out);
      out += run * static_cast<std::int64_t>(size_of(dtype));
    }
  }

 private:
  Tensor tensor_;
  double by_;
};

}  // namespace

Tensor with_low_rank(const Tensor& base, const Tensor& left, const Tensor& right, double scale) {
  return tensor_of(std::make_shared<const LowRank>(base, left, right, scale), std::string(base.name), base.shape);
}

void read_numbers(const Tensor& tensor, std::int64_t count, double* out) { read_as<double>(tensor, 0, count, out); }

Tensor scaled(const Tensor& tensor, double by) {
  return tensor_of(std::make_shared<const Scaled>(tensor, by), std::string(tensor.name), tensor.shape);
}

Tensor transposed(Tensor matrix) {
  matrix.shape = {matrix.shape[1], matrix.shape[0]};
  matrix.strides = {matrix.strides[1], matrix.strides[0]};
  return matrix;
}

Tensor padded(const Tensor& matrix, std::int64_t rows, std::int64_t columns) {
  static const auto zero = std::make_shared<const std::vector<std::byte>>(16);
  auto storage = std::make_shared<Storage>();
  storage->bytes = *zero;
  storage->owner = zero;
  const std::int64_t own_rows = matrix.shape[0], own_columns = matrix.shape[1];
  const auto zeros = [&](std::int64_t height, std::int64_t width) {
    return Tensor{{}, matrix.dtype, {height, width}, {0, 0}, 0, storage};
  };
  std::vector<Tile> tiles{{{0, 0}, matrix},
                          {{0, own_columns}, zeros(own_rows, columns - own_columns)},
                          {{own_rows, 0}, zeros(rows - own_rows, columns)}};
  return joined(std::string(matrix.name), matrix.dtype, {rows, columns}, std::move(tiles), printable(matrix.name));
}

}  // namespace torch2mlx::weights
