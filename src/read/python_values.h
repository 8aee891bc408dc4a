// Plain Python values of a pickle, for readers of what training frameworks write beside tensors.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "read/torch_tree.h"

namespace torch2mlx {

// Opens a file of Python objects and hands its values to `collect`.
using OpenObjects = std::function<Checkpoint(const std::filesystem::path& file, const Collect& collect)>;

// Nothing where the value is of another kind. `integers` takes a list, a tuple or a torch.Size of sizes from 0.
std::optional<std::int64_t> integer_of(const TorchValues& values, PickleRef ref);
std::optional<std::string> text_of(const TorchValues& values, PickleRef ref);
std::optional<std::vector<std::int64_t>> integers_of(const TorchValues& values, PickleRef ref);

// An attribute that an object's state holds, or no_value.
PickleRef attribute_of(const TorchValues& values, PickleRef object, std::string_view name);

// Calls each(name, value) for the text keys of a mapping.
void for_each_named(const TorchValues& values, PickleRef map,
                    const std::function<void(const std::string& name, PickleRef value)>& each);

}  // namespace torch2mlx
