#include "weights/packed_elements.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "weights/arrange.h"
#include "weights/cast.h"
#include "weights/quantize.h"

namespace torch2mlx::weights {
namespace {

Part computed(std::shared_ptr<const Computed> elements) { return Part(std::move(elements)); }

std::byte* half(std::byte* buffer, std::size_t which) { return buffer + which * (Scratch::bytes / 2); }

// What mx.dequantize gives.
class Dequantized : public Computed {
 public:
  Dequantized(const PackedParts& packed, std::int64_t elements)
      : Computed(elements, packed.dtype),
        how_(packed.quantization),
        words_(packed.words, Dtype::uint32),
        scales_(packed.scales, scale_dtype(how_, dtype)) {
    if (row(how_.mode).has_biases) biases_.emplace(packed.biases, dtype);
  }

  void read(std::int64_t first, std::int64_t count, std::byte* out, Scratch& scratch) const override {
    const std::int64_t group = first / how_.group_size, groups = count / how_.group_size;
    std::byte* words = scratch.combined();
    std::byte *scales = half(scratch.next(), 0), *biases = half(scratch.next(), 1);
    words_.read(first * how_.bits / 32, count * how_.bits / 32, words, scratch.nested());
    scales_.read(group, groups, scales, scratch.nested());
    if (biases_) biases_->read(group, groups, biases, scratch.nested());
    dequantize_groups(how_, dtype, words, scales, biases, groups, out);
  }

 private:
  Quantization how_;
  PartReader words_, scales_;
  std::optional<PartReader> biases_;
};

// The same numbers with rows and columns exchanged, from blocks of as many columns as a group has.
class Turned : public Computed {
 public:
  Turned(Part numbers, Dtype type, std::int64_t group, std::int64_t rows, std::int64_t columns)
      : Computed(rows * columns, type),
        group_(group),
        rows_(rows),
        columns_(columns),
        numbers_(std::move(numbers), type) {}

  void read(std::int64_t first, std::int64_t count, std::byte* out, Scratch& scratch) const override {
    const std::size_t width = size_of(dtype);
    while (count > 0) {
      const std::int64_t column = first / rows_, row = first % rows_, run = std::min(count, rows_ - row);
      const std::byte* from = block(column / group_, scratch) + static_cast<std::size_t>(column % group_) * width;
      for (std::int64_t i = row; i < row + run; ++i, out += width)
        std::memcpy(out, from + static_cast<std::size_t>(i * group_) * width, width);
      first += run;
      count -= run;
    }
  }

 private:
  // All rows of a group of columns.
  const std::byte* block(std::int64_t index, Scratch& scratch) const {
    auto& kept = scratch.kept;
    if (kept.owner == this && kept.index == index) return kept.bytes.data();
    const std::size_t each = static_cast<std::size_t>(group_) * size_of(dtype);
    kept.bytes.resize(static_cast<std::size_t>(rows_) * each);
    const Elements numbers = numbers_.elements();
    for (std::int64_t row = 0; row < rows_; ++row)
      numbers.read(row * columns_ + index * group_, group_, kept.bytes.data() + static_cast<std::size_t>(row) * each,
                   scratch.nested());
    kept.owner = this;
    kept.index = index;
    return kept.bytes.data();
  }

  std::int64_t group_, rows_, columns_;
  PartReader numbers_;
};

// (code - zero) * scale, rounded once.
class Centred : public Computed {
 public:
  Centred(const PackedParts& packed, std::int64_t elements)
      : Computed(elements, packed.dtype),
        how_(packed.quantization),
        words_(packed.words, Dtype::uint32),
        scales_(packed.scales, Dtype::float32),
        zeros_(*packed.zeros, Dtype::float32) {}

  void read(std::int64_t first, std::int64_t count, std::byte* out, Scratch& scratch) const override {
    const std::int64_t each = how_.group_size, group = first / each, groups = count / each;
    std::byte* words = scratch.combined();
    auto* scales = reinterpret_cast<float*>(half(scratch.next(), 0));
    auto* zeros = reinterpret_cast<float*>(half(scratch.next(), 1));
    words_.read(first * how_.bits / 32, count * how_.bits / 32, words, scratch.nested());
    scales_.read(group, groups, scales, scratch.nested());
    zeros_.read(group, groups, zeros, scratch.nested());
    std::array<std::uint8_t, largest_group> codes;
    std::array<float, largest_group> values;
    for (std::int64_t i = 0; i < groups; ++i) {
      unpack_codes(words, each, how_.bits, codes.data());
      for (std::int64_t j = 0; j < each; ++j) values[j] = (static_cast<float>(codes[j]) - zeros[i]) * scales[i];
      cast(Dtype::float32, dtype, reinterpret_cast<const std::byte*>(values.data()), static_cast<std::size_t>(each),
           out);
      words += each * how_.bits / 8;
      out += static_cast<std::size_t>(each) * size_of(dtype);
    }
  }

 private:
  Quantization how_;
  PartReader words_, scales_, zeros_;
};

// The same where every column names its group.
class Grouped : public Computed {
 public:
  Grouped(const PackedParts& packed, std::int64_t rows, std::int64_t columns)
      : Computed(rows * columns, packed.dtype),
        bits_(packed.quantization.bits),
        columns_(columns),
        groups_(static_cast<std::int64_t>(packed.scales.elements()) / rows),
        words_(packed.words, Dtype::uint32),
        scales_(packed.scales, Dtype::float32),
        zeros_(*packed.zeros, Dtype::float32),
        group_of_(*packed.group_of, Dtype::int32) {}

  void read(std::int64_t first, std::int64_t count, std::byte* out, Scratch& scratch) const override {
    std::byte* words = scratch.combined();
    auto* scales = reinterpret_cast<float*>(half(scratch.next(), 0));
    auto* zeros = reinterpret_cast<float*>(half(scratch.next(), 1));
    auto* group_of = reinterpret_cast<std::int32_t*>(scratch.gathered());
    words_.read(first * bits_ / 32, count * bits_ / 32, words, scratch.nested());
    group_of_.read(0, columns_, group_of, scratch.nested());
    std::int64_t loaded = -1;
    for (std::int64_t i = first; i < first + count; i += run, words += run * bits_ / 8) {
      if (i / columns_ != loaded) {
        loaded = i / columns_;
        scales_.read(loaded * groups_, groups_, scales, scratch.nested());
        zeros_.read(loaded * groups_, groups_, zeros, scratch.nested());
      }
      std::array<std::uint8_t, run> codes;
      std::array<float, run> values;
      unpack_codes(words, run, bits_, codes.data());
      for (std::size_t j = 0; j < run; ++j) {
        const std::int32_t group = group_of[i % columns_ + static_cast<std::int64_t>(j)];
        values[j] = (static_cast<float>(codes[j]) - zeros[group]) * scales[group];
      }
      cast(Dtype::float32, dtype, reinterpret_cast<const std::byte*>(values.data()), run, out);
      out += run * size_of(dtype);
    }
  }

 private:
  static constexpr std::int64_t run = 32;  // divides every row
  int bits_;
  std::int64_t columns_, groups_;
  PartReader words_, scales_, zeros_, group_of_;
};

class Biases : public Computed {
 public:
  Biases(const Part& zeros, const Part& scales)
      : Computed(static_cast<std::int64_t>(scales.elements()), Dtype::float32),
        zeros_(zeros, Dtype::float32),
        scales_(scales, Dtype::float32) {}

  void read(std::int64_t first, std::int64_t count, std::byte* out, Scratch& scratch) const override {
    auto *zeros = reinterpret_cast<float*>(scratch.combined()), *scales = reinterpret_cast<float*>(scratch.next());
    zeros_.read(first, count, zeros, scratch.nested());
    scales_.read(first, count, scales, scratch.nested());
    for (std::int64_t i = 0; i < count; ++i) scales[i] *= -zeros[i];
    std::memcpy(out, scales, static_cast<std::size_t>(count) * sizeof(float));
  }

 private:
  PartReader zeros_, scales_;
};

class IntegerNumbers : public Computed {
 public:
  IntegerNumbers(const Integers& integers, std::int64_t times)
      : Computed(rows_of(integers) * integers.words.shape[1] * times, Dtype::float32), made_(integers), times_(times) {}

  void read(std::int64_t first, std::int64_t count, std::byte* out, Scratch&) const override {
    const std::int64_t columns = made_.words.shape[1] * times_;
    for (std::int64_t i = first; i < first + count; ++i, out += sizeof(float)) {
      const auto value = static_cast<float>(at(i / columns, i % columns / times_) + made_.delta);
      std::memcpy(out, &value, sizeof value);
    }
  }

 private:
  static std::int64_t rows_of(const Integers& integers) {
    const bool bytes = size_of(integers.words.dtype) == 1;
    return bytes ? integers.words.shape[0] : integers.words.shape[0] * 32 / integers.bits;
  }

  template <class T>
  T value(std::int64_t row, std::int64_t column) const {
    const Tensor& words = made_.words;
    T read;
    std::memcpy(&read,
                words.storage->bytes.data() + (words.offset + row * words.strides[0] + column * words.strides[1]) *
                                                  static_cast<std::int64_t>(sizeof(T)),
                sizeof(T));
    return read;
  }

  std::int64_t at(std::int64_t row, std::int64_t column) const {
    if (made_.words.dtype == Dtype::int8) return value<std::int8_t>(row, column);
    if (made_.words.dtype == Dtype::uint8) return value<std::uint8_t>(row, column);
    const std::int64_t bits = made_.bits, each = 32 / bits;
    const std::int64_t bit =
        made_.order.empty() ? row * bits : row / each * 32 + bits * made_.order[static_cast<std::size_t>(row % each)];
    std::uint64_t run = value<std::uint32_t>(bit / 32, column);
    if (bit % 32 + bits > 32) run |= std::uint64_t{value<std::uint32_t>(bit / 32 + 1, column)} << 32;
    return static_cast<std::int64_t>(run >> (bit % 32) & ((std::uint64_t{1} << bits) - 1));
  }

  Integers made_;
  std::int64_t times_;
};

class Scaled : public Computed {
 public:
  Scaled(Part weight, std::int64_t columns, const Tensor& scales, std::int64_t block_rows, std::int64_t block_columns,
         float last)
      : Computed(static_cast<std::int64_t>(weight.elements()), Dtype::float32),
        columns_(columns),
        across_(scales.shape[1]),
        block_rows_(block_rows),
        block_columns_(block_columns),
        last_(last),
        weight_(std::move(weight), Dtype::float32),
        scales_({Combine::copy, {scales}}, Dtype::float32) {}

  void read(std::int64_t first, std::int64_t count, std::byte* out, Scratch& scratch) const override {
    auto* values = reinterpret_cast<float*>(scratch.combined());
    auto* scales = reinterpret_cast<float*>(scratch.next());
    weight_.read(first, count, values, scratch.nested());
    std::int64_t loaded = -1;
    for (std::int64_t done = 0; done < count;) {
      const std::int64_t row = (first + done) / columns_, column = (first + done) % columns_;
      if (row / block_rows_ != loaded) {
        loaded = row / block_rows_;
        scales_.read(loaded * across_, across_, scales, scratch.nested());
      }
      const std::int64_t end = std::min(count, done + columns_ - column);
      for (std::int64_t i = done; i < end; ++i)
        values[i] = values[i] * scales[(column + i - done) / block_columns_] * last_;
      done = end;
    }
    std::memcpy(out, values, static_cast<std::size_t>(count) * sizeof(float));
  }

 private:
  std::int64_t columns_, across_, block_rows_, block_columns_;
  float last_;
  PartReader weight_, scales_;
};

class ColumnWords : public Computed {
 public:
  ColumnWords(const Tensor& words, std::span<const int> order)
      : Computed(words.elements(), Dtype::uint32), columns_(words.shape[0]), order_(order.begin(), order.end()) {
    Tensor turned = arranged(words, std::array{1, 0});
    turned.dtype = Dtype::uint32;
    turned_.emplace(Part{Combine::copy, {turned}}, Dtype::uint32);
  }

  void read(std::int64_t first, std::int64_t count, std::byte* out, Scratch& scratch) const override {
    const std::int64_t width = columns_ / 8;
    for (std::int64_t i = first; i < first + count; ++i, out += 4) {
      const std::int64_t row = i / width, column = i % width * 8;
      const std::byte* from = block(row / 8, scratch) + column * 4;
      const int shift = 4 * order_[static_cast<std::size_t>(row % 8)];
      std::uint32_t made = 0;
      for (std::size_t j = 0; j < 8; ++j) {
        std::uint32_t word;
        std::memcpy(&word, from + 4 * j, 4);
        made |= (word >> shift & 15u) << (4 * j);
      }
      std::memcpy(out, &made, 4);
    }
  }

 private:
  // The words of 8 rows.
  const std::byte* block(std::int64_t index, Scratch& scratch) const {
    auto& kept = scratch.kept;
    if (kept.owner == this && kept.index == index) return kept.bytes.data();
    kept.bytes.resize(static_cast<std::size_t>(columns_) * 4);
    turned_->read(index * columns_, columns_, kept.bytes.data(), scratch);
    kept.owner = this;
    kept.index = index;
    return kept.bytes.data();
  }

  std::int64_t columns_;
  std::vector<int> order_;
  std::optional<PartReader> turned_;
};

class ByteWords : public Computed {
 public:
  ByteWords(const Tensor& bytes, std::byte flipped)
      : Computed(bytes.elements() / 4, Dtype::uint32),
        bytes_({Combine::copy, {bytes}}, bytes.dtype),
        flipped_(flipped) {}

  void read(std::int64_t first, std::int64_t count, std::byte* out, Scratch& scratch) const override {
    bytes_.read(4 * first, 4 * count, out, scratch);
    for (std::int64_t i = 0; i < 4 * count; ++i) out[i] ^= flipped_;
  }

 private:
  PartReader bytes_;
  std::byte flipped_;
};

}  // namespace

Part dequantized(const PackedParts& packed, std::int64_t rows, std::int64_t columns) {
  if (packed.group_of) return computed(std::make_shared<Grouped>(packed, rows, columns));
  if (packed.zeros) return computed(std::make_shared<Centred>(packed, rows * columns));
  return computed(std::make_shared<Dequantized>(packed, rows * columns));
}

Part turned(const PackedParts& packed, std::int64_t rows, std::int64_t columns) {
  return computed(std::make_shared<Turned>(dequantized(packed, rows, columns), packed.dtype,
                                           packed.quantization.group_size, rows, columns));
}

Part biases_of(const Part& zeros, const Part& scales) { return computed(std::make_shared<Biases>(zeros, scales)); }

Part integers_of(const Integers& integers, std::int64_t times) {
  return computed(std::make_shared<IntegerNumbers>(integers, times));
}

Part scaled(Part weight, std::int64_t columns, const Tensor& scales, std::int64_t block_rows,
            std::int64_t block_columns, float last) {
  return computed(std::make_shared<Scaled>(std::move(weight), columns, scales, block_rows, block_columns, last));
}

std::vector<std::int64_t> int64s_of(const Tensor& tensor) {
  const Part part{Combine::copy, {tensor}};
  const Elements elements(part, Dtype::int64);
  std::vector<std::int64_t> values(static_cast<std::size_t>(elements.size()));
  Scratch scratch;
  elements.read(0, elements.size(), reinterpret_cast<std::byte*>(values.data()), scratch);
  return values;
}

Part words_of_columns(const Tensor& words, std::span<const int> order) {
  return computed(std::make_shared<ColumnWords>(words, order));
}

Part words_of_bytes(const Tensor& bytes, std::byte flipped) {
  return computed(std::make_shared<ByteWords>(bytes, flipped));
}

std::string packed_problem(const Quantization& how, const Tensor& words, const Tensor& scales, const Tensor* biases) {
  if (words.shape.size() < 2 || words.dtype != Dtype::uint32 || words.shape.back() * 32 % how.bits != 0)
    return fmt::format("no matrix of {}-bit words", how.bits);
  const std::int64_t columns = words.shape.back() * 32 / how.bits;
  if (auto problem = quantization_problem(how, columns); !problem.empty()) return problem;
  std::vector<std::int64_t> groups = words.shape;
  groups.back() = columns / how.group_size;
  const bool fit = row(how.mode).has_biases
                       ? biases && is_floating(scales.dtype) && biases->dtype == scales.dtype && biases->shape == groups
                       : scales.dtype == Dtype::uint8;
  if (!fit || scales.shape != groups)
    return fmt::format("scales or biases do not fit words of {} bits in groups of {}", how.bits, how.group_size);
  return {};
}

Part constant(float value, const std::vector<std::int64_t>& shape) {
  auto number = std::make_shared<float>(value);
  auto storage = std::make_shared<Storage>();
  storage->bytes = std::as_bytes(std::span(number.get(), 1));
  storage->owner = number;
  return {Combine::copy,
          {{"constant", Dtype::float32, shape, std::vector<std::int64_t>(shape.size(), 0), 0, std::move(storage)}}};
}

}  // namespace torch2mlx::weights
