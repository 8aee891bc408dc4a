#include "weights/by_output.h"

#include <algorithm>
#include <utility>

namespace torch2mlx::weights {

ByOutput::ByOutput(std::span<const TensorReport> tensors) {
  entries_.reserve(tensors.size());
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i].outputs.empty()) entries_.push_back({&tensors[i].name, i});
    for (const Text& output : tensors[i].outputs) entries_.push_back({&output, i});
  }
  std::ranges::sort(entries_, {},
                    [](const Entry& entry) { return std::pair(std::string_view(*entry.output), entry.source); });
}

std::span<const ByOutput::Entry> ByOutput::find(std::string_view output) const {
  const auto name = [](const Entry& entry) { return std::string_view(*entry.output); };
  const auto found = std::ranges::equal_range(entries_, output, {}, name);
  return {found.begin(), found.end()};
}

}  // namespace torch2mlx::weights
