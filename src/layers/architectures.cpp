#include "layers/architectures.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <vector>

namespace torch2mlx::layers {

// The table's text, which the build makes of transformers.txt.
extern const std::string_view transformers_layers;

namespace {

struct Entry {
  std::string_view architecture;  // empty: any
  std::string_view path, layer;
};

using Table = std::unordered_map<std::string_view, std::vector<Entry>>;

// Lines "[model_type]", "path layer" and "Architecture: path layer"; a layer may be "Conv1d(7)|ConvTranspose1d(16)".
Table parse(std::string_view text) {
  Table table;
  std::vector<Entry>* entries = nullptr;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line[0] == '#') continue;
    if (line[0] == '[') {
      entries = &table[line.substr(1, line.size() - 2)];
      continue;
    }
    Entry entry;
    if (const auto colon = line.find(": "); colon != line.npos) {
      entry.architecture = line.substr(0, colon);
      line.remove_prefix(colon + 2);
    }
    const auto space = line.rfind(' ');
    entry.path = line.substr(0, space);
    entry.layer = line.substr(space + 1);
    entries->push_back(entry);
  }
  return table;
}

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// Parts that are numbers as *.
std::string pattern_of(std::string_view path) {
  std::string pattern;
  for (;;) {
    const auto dot = path.find('.');
    const std::string_view part = path.substr(0, dot);
    pattern += is_number(part) ? "*" : part;
    if (dot == path.npos) return pattern;
    pattern += '.';
    path.remove_prefix(dot + 1);
  }
}

// What stands before `end` is at most two attributes, no repeated block.
bool ends_with_path(std::string_view whole, std::string_view end) {
  if (!whole.ends_with(end)) return false;
  const std::string_view before = whole.substr(0, whole.size() - end.size());
  return before.empty() ||
         (before.ends_with('.') && std::ranges::count(before, '.') <= 2 && before.find('*') == before.npos);
}

// The one layer that all entries agree on which `fits` picks.
template <class Fits>
std::string_view agreed(const std::vector<const Entry*>& entries, Fits fits) {
  std::string_view layer;
  for (const Entry* entry : entries) {
    if (!fits(entry->path)) continue;
    if (!layer.empty() && layer != entry->layer) return {};
    layer = entry->layer;
  }
  return layer;
}

// That of several whose kernel is the weight's; empty: none.
std::string_view by_kernel(std::string_view layers, std::span<const std::int64_t> shape) {
  if (layers.find('|') == layers.npos) return layers;
  const std::string kernel = shape.size() < 3 ? "()" : fmt::format("({})", fmt::join(shape.subspan(2), "x"));
  while (!layers.empty()) {
    const auto end = std::min(layers.find('|'), layers.size());
    const std::string_view one = layers.substr(0, end);
    if (one.ends_with(kernel)) return one.substr(0, one.size() - kernel.size());
    layers.remove_prefix(std::min(end + 1, layers.size()));
  }
  return {};
}

}  // namespace

std::string_view architecture_layer(std::string_view model_type, std::string_view architecture, std::string_view path,
                                    std::span<const std::int64_t> shape) {
  static const Table table = parse(transformers_layers);
  const auto it = table.find(model_type);
  if (it == table.end() || path.empty()) return {};
  std::vector<const Entry*> entries;
  std::size_t longest = 0;
  const std::string pattern = pattern_of(path);
  for (const Entry& entry : it->second)
    if (entry.architecture.empty() || entry.architecture == architecture) {
      entries.push_back(&entry);
      if (ends_with_path(pattern, entry.path)) longest = std::max(longest, entry.path.size());
    }
  // A checkpoint of an inner model has shorter paths than the table.
  const auto fits = [&](std::string_view known) {
    return longest > 0 ? known.size() == longest && ends_with_path(pattern, known) : ends_with_path(known, pattern);
  };
  return by_kernel(agreed(entries, fits), shape);
}

}  // namespace torch2mlx::layers
