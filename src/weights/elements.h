// The elements of a part of an output, whatever they are made of, in any piece and as any type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "weights/plan.h"
#include "weights/view.h"

namespace torch2mlx::weights {

// Buffers that one thread reuses: what is gathered, what is combined and the next term of it.
class Scratch {
 public:
  static constexpr std::size_t bytes = 512 << 10;  // each: fits the second-level cache
  std::byte* gathered() { return get(gathered_); }
  std::byte* combined() { return get(combined_); }
  std::byte* next() { return get(next_); }

  // Of what is computed from what is read: buffers of its own.
  Scratch& nested() {
    if (!nested_) nested_ = std::make_unique<Scratch>();
    return *nested_;
  }

  // The last block that somebody laid down, to be met again by the thread that goes on from there.
  struct Kept {
    const void* owner = nullptr;
    std::int64_t index = -1;
    std::vector<std::byte> bytes = {};
  };
  Kept kept;

 private:
  static std::byte* get(std::unique_ptr<std::byte[]>& buffer) {
    if (!buffer) buffer = std::make_unique_for_overwrite<std::byte[]>(bytes);
    return buffer.get();
  }
  std::unique_ptr<std::byte[]> gathered_, combined_, next_;
  std::unique_ptr<Scratch> nested_;
};

class Elements {
 public:
  // The part, and its storages, must outlive it.
  Elements(const Part& part, Dtype dtype);

  // The part as it stands in its source, where no element changes; empty otherwise.
  std::span<const std::byte> in_place() const;

  // How many to read at a time so that no buffer overflows and whole rows of a transpose stay together.
  std::int64_t step() const;
  std::int64_t size() const { return size_; }

  // Elements first .. first + count, at most step() of them, to `out`; gives how many finite ones became infinite.
  std::int64_t read(std::int64_t first, std::int64_t count, std::byte* out, Scratch& scratch) const;

 private:
  struct Term {
    View view;
    Dtype dtype;
    bool swap;
  };
  void read_term(const Term& term, Dtype to, std::int64_t first, std::int64_t count, std::byte* out,
                 Scratch& scratch) const;

  std::int64_t compute(std::int64_t first, std::int64_t count, std::byte* out, Scratch& scratch) const;

  std::vector<Term> terms_;
  Combine combine_;
  const Computed* computed_;
  std::int64_t size_;
  Dtype dtype_, wide_;  // of the result; in which terms are combined
};

}  // namespace torch2mlx::weights
