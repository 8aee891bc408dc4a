// Which tensors of a checkpoint are converted, by patterns of their keys.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "read/checkpoint.h"

namespace torch2mlx {

// The tensors whose key or module matches one of `only` (none given: all) and none of `skip`; the others are
// `left_out`. Throws Error(input) for a pattern that matches nothing and where nothing is left.
Checkpoint select(Checkpoint checkpoint, const std::vector<std::string>& only, const std::vector<std::string>& skip);

// What is asked for of a checkpoint before it is converted.
struct Selection {
  std::filesystem::path adapter;        // to be merged; empty: none
  std::vector<std::string> only, skip;  // patterns; `skip` names modules of the adapter too

  bool empty() const { return adapter.empty() && only.empty() && skip.empty(); }
};

// Merges and selects. Throws as `read_adapter`, `merge` and `select` do.
Checkpoint prepare(Checkpoint checkpoint, const Selection& selection);

}  // namespace torch2mlx
