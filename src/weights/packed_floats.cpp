#include "weights/packed_floats.h"

#include <algorithm>
#include <cstring>

#include "weights/cast.h"
#include "weights/elements.h"

namespace torch2mlx::weights {
namespace {

Part computed(std::shared_ptr<const Computed> elements) { return Part(std::move(elements)); }

class LookedUp : public Computed {
 public:
  LookedUp(const Nibbles& nibbles, Part factors, std::int64_t count, Dtype type)
      : Computed(count, type),
        bytes_({Combine::copy, {nibbles.bytes}}, nibbles.bytes.dtype),
        factors_(std::move(factors), Dtype::float32),
        numbers_(nibbles.numbers),
        block_(nibbles.block),
        first_shift_(nibbles.high_first ? 4 : 0) {}

  void read(std::int64_t first, std::int64_t count, std::byte* out, Scratch& scratch) const override {
    std::byte* bytes = scratch.combined();
    auto* factors = reinterpret_cast<float*>(scratch.next());
    const std::int64_t block = first / block_;
    bytes_.read(first / 2, (count + 1) / 2, bytes, scratch.nested());
    factors_.read(block, (first + count - 1) / block_ - block + 1, factors, scratch.nested());
    std::array<float, run> values;
    for (std::int64_t done = 0; done < count; done += run) {
      const std::int64_t some = std::min(run, count - done);
      for (std::int64_t i = 0; i < some; ++i) {
        const int shift = i % 2 == 0 ? first_shift_ : 4 - first_shift_;
        const auto code = std::to_integer<std::size_t>(bytes[(done + i) / 2] >> shift & std::byte{15});
        values[static_cast<std::size_t>(i)] = numbers_[code] * factors[(first + done + i) / block_ - block];
      }
      cast(Dtype::float32, dtype, reinterpret_cast<const std::byte*>(values.data()), static_cast<std::size_t>(some),
           out);
      out += static_cast<std::size_t>(some) * size_of(dtype);
    }
  }

 private:
  static constexpr std::int64_t run = 128;
  PartReader bytes_, factors_;
  Codebook numbers_;
  std::int64_t block_;
  int first_shift_;
};

// `scales` with the same done to each.
class Rescaled : public Computed {
 public:
  Rescaled(const Tensor& scales, float factor, bool divide)
      : Computed(scales.elements(), Dtype::float32),
        scales_({Combine::copy, {scales}}, Dtype::float32),
        factor_(factor),
        divide_(divide) {}

  void read(std::int64_t first, std::int64_t count, std::byte* out, Scratch& scratch) const override {
    auto* values = reinterpret_cast<float*>(scratch.combined());
    scales_.read(first, count, values, scratch.nested());
    for (std::int64_t i = 0; i < count; ++i) values[i] = divide_ ? values[i] / factor_ : values[i] * factor_;
    std::memcpy(out, values, static_cast<std::size_t>(count) * sizeof(float));
  }

 private:
  PartReader scales_;
  float factor_;
  bool divide_;
};

class Nested : public Computed {
 public:
  explicit Nested(const NestedFactors& nested)
      : Computed(nested.codes.elements(), Dtype::float32),
        codes_({Combine::copy, {nested.codes}}, Dtype::uint8),
        factors_({Combine::copy, {nested.factors}}, Dtype::float32),
        numbers_(nested.numbers),
        block_(nested.block),
        offset_(nested.offset) {}

  void read(std::int64_t first, std::int64_t count, std::byte* out, Scratch& scratch) const override {
    std::byte* codes = scratch.combined();
    auto* factors = reinterpret_cast<float*>(scratch.next());
    const std::int64_t block = first / block_;
    codes_.read(first, count, codes, scratch.nested());
    factors_.read(block, (first + count - 1) / block_ - block + 1, factors, scratch.nested());
    for (std::int64_t i = 0; i < count; ++i, out += sizeof(float)) {
      const float product = numbers_[std::to_integer<std::size_t>(codes[i])] * factors[(first + i) / block_ - block];
      const float value = product + offset_;
      std::memcpy(out, &value, sizeof value);
    }
  }

 private:
  PartReader codes_, factors_;
  std::vector<float> numbers_;
  std::int64_t block_;
  float offset_;
};

}  // namespace

Part looked_up(const Nibbles& nibbles, Part factors, std::int64_t count, Dtype dtype) {
  return computed(std::make_shared<LookedUp>(nibbles, std::move(factors), count, dtype));
}

Part multiplied(const Tensor& scales, float factor) {
  return computed(std::make_shared<Rescaled>(scales, factor, false));
}

Part divided(const Tensor& scales, float factor) { return computed(std::make_shared<Rescaled>(scales, factor, true)); }

Part factors_of(const NestedFactors& nested) { return computed(std::make_shared<Nested>(nested)); }

}  // namespace torch2mlx::weights
