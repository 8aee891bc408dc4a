// Storages as every container of torch.save has them: the names of their classes, and views of a part of one.
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

// `elements` of `element_size` bytes from `offset` elements on. Throws Error(input) at `place` where they leave
// `whole`.
std::shared_ptr<const Storage> storage_part(const Storage& whole, std::uint64_t offset, std::uint64_t elements,
                                            std::size_t element_size, const std::string& place);

}  // namespace torch2mlx
