// Storages as every container of torch.save has them: the names of their classes, their bytes, views of a part of one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "read/checkpoint.h"

namespace torch2mlx {

// Of "torch.FloatStorage" and "torch.cuda.FloatStorage" with `kind` "Storage", of "torch.FloatTensor" with "Tensor".
std::optional<Dtype> dtype_of_class(std::string_view global, std::string_view kind);

// A storage that a file names: bytes [begin, begin + size) of `whole`, which is that of the mapped file, so that files
// of many storages cost one Storage, or that of inflated bytes.
struct StorageSlice {
  std::shared_ptr<const Storage> whole;
  std::uint64_t begin = 0, size = 0;

  std::span<const std::byte> bytes() const { return whole->bytes.subspan(begin, size); }
};

// `elements` of `element_size` bytes from `offset` elements on. Throws Error(input) at `place` where they leave
// `slice`.
StorageSlice part_of(const StorageSlice& slice, std::uint64_t offset, std::uint64_t elements, std::size_t element_size,
                     const std::string& place);

// Gives the tensor, whose offset counts from the slice's begin, its storage. Throws Error(input) at `place` unless
// every element lies in the slice.
void put(Tensor& tensor, const StorageSlice& slice, const std::string& place);

}  // namespace torch2mlx
