// Which sources an output tensor is made of, by the report.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "torch2mlx/convert.h"

namespace torch2mlx::weights {

class ByOutput {
 public:
  struct Entry {
    const Text* output;
    std::size_t source;  // index into the report's tensors
  };

  // The tensors must outlive it.
  explicit ByOutput(std::span<const TensorReport> tensors);

  // In the report's order; empty for names that no source told.
  std::span<const Entry> find(std::string_view output) const;

 private:
  std::vector<Entry> entries_;  // sorted
};

}  // namespace torch2mlx::weights
