// What became of every source tensor: the part of a conversion that its output must remember to be undone.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/dtype.h"
#include "base/shared.h"
#include "weights/quantize.h"

namespace torch2mlx::weights {

// The parts [from, to) of `of` equal ones along the source's axis 0 stand in the output tensor `name`, from its part
// `at` on. `added`: to what another source put there, so that only their sum is known.
struct Share {
  Text name;
  int from = 0, to = 1, of = 1, at = 0;
  bool added = false;
  friend auto operator<=>(const Share&, const Share&) = default;
};

struct SourceRecord {
  std::vector<Share> shares;  // empty: whole, under its own name
  Shared<int> permute;        // torch axes in MLX order, empty: unchanged
  std::int64_t groups = 1;
  Sizes shape;                 // torch's; only with shares or groups
  std::optional<Dtype> dtype;  // torch's, where the output has another
  std::optional<Quantization> quantization;
  Dtype quantized_from = Dtype::float32;  // type that was quantized

  bool plain() const { return shares.empty() && permute.empty() && !dtype && !quantization; }
  friend auto operator<=>(const SourceRecord&, const SourceRecord&) = default;
};

// By torch key. Equal ones are held once, for most tensors of a model fare alike.
class SourceRecords {
 public:
  using Entry = std::pair<Text, const SourceRecord*>;

  // One more; of a key that is there already, in place of its record. `sort` before anything is found.
  void put(const Text& key, SourceRecord record);
  void sort();

  // nullptr: there is none.
  const SourceRecord* find(std::string_view key) const;
  std::span<const Entry> sorted() const { return entries_; }

 private:
  Entry* entry(std::string_view key);
  std::vector<Entry> entries_;
  std::size_t sorted_ = 0;  // so many of them are
  std::shared_ptr<std::set<SourceRecord>> records_ = std::make_shared<std::set<SourceRecord>>();
};

struct Record {
  SourceRecords sources;                        // plain ones are left out
  std::map<std::string, std::string> tied;      // torch key -> the torch key that it shares its elements with
  std::map<std::string, std::int64_t> dropped;  // integer buffers that MLX does not hold, with their value
  std::map<std::string, std::vector<std::string>> folded;  // torch key -> the keys that it was computed from
};

// Takes a text piece by piece; no piece ends within a character.
using Put = std::function<void(std::string_view piece)>;
constexpr std::size_t piece_size = 64 << 10;  // about

// JSON text, "version" 2. Throws Error(input) for names that are not UTF-8.
void put_json(const Record& record, const Put& put);
std::string to_json(const Record& record);
// Throws Error(input), place `place`, for text that `to_json` did not write. `known` gives the text that a key is to
// share its memory with.
Record record_from_json(std::string_view text, const std::string& place,
                        const std::function<Text(const Text& key)>& known = {});

// The record of a file that was made of another one of MLX's: `old` is that one's, by torch's keys, `made` what was
// done to it since, by MLX's.
Record carried(Record old, const Record& made);

}  // namespace torch2mlx::weights
