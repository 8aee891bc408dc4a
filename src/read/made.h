// Elements that lie in no file as they are: joined of parts of several files, or computed of others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/dtype.h"
#include "base/mapped_file.h"
#include "read/checkpoint.h"

namespace torch2mlx {

// A row-major run of elements in the machine's byte order, made while it is read: nothing is held.
class Made {
 public:
  Made(std::int64_t elements, Dtype type) : count(elements), dtype(type) {}
  virtual ~Made() = default;
  Made(const Made&) = delete;
  Made& operator=(const Made&) = delete;

  // Elements first .. first + number to `out`; from any thread.
  virtual void read(std::int64_t first, std::int64_t number, std::byte* out) const = 0;

  std::uint64_t bytes() const { return static_cast<std::uint64_t>(count) * size_of(dtype); }
  // What it is made of, to be found unchanged when all is written.
  const std::vector<std::shared_ptr<const Storage>>& sources() const { return sources_; }

  const std::int64_t count;
  const Dtype dtype;

 protected:
  void add_source(std::shared_ptr<const Storage> storage);

 private:
  std::vector<std::shared_ptr<const Storage>> sources_;  // all different
};

// A row-major tensor of all that is made.
Tensor tensor_of(std::shared_ptr<const Made> made, std::string name, std::vector<std::int64_t> shape);

// Elements first .. first + number of a tensor in row-major order and the machine's byte order, whatever its storage.
void read_elements(const Tensor& tensor, std::int64_t first, std::int64_t number, std::byte* out);

// Calls fn(file) for every file that a storage's bytes come from.
template <class F>
void for_each_file(const Storage& storage, const F& fn) {
  if (storage.file) fn(*storage.file);
  if (storage.made)
    for (const auto& source : storage.made->sources()) for_each_file(*source, fn);
}

}  // namespace torch2mlx
