// Pickles as inert data: protocols 0 to 5. Names are recorded, never looked up; calls are recorded, never made.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/few.h"

namespace torch2mlx {

enum class PickleKind : std::uint8_t {
  none,
  boolean,
  integer,
  huge,
  real,
  text,
  bytes,
  global,
  tuple,
  list,
  set,
  dict,
  object,
  persistent
};

// Index of a value in its Pickle; values refer to each other by index, so shared and cyclic ones cost nothing.
using PickleRef = std::uint32_t;
constexpr PickleRef no_value = 0xFFFFFFFF;

struct PickleValue {
  PickleKind kind = PickleKind::none;
  bool mapping = false;           // object: `items` came from SETITEMS (key, value, key ...), not from APPENDS
  PickleRef callable = no_value;  // object: what would have been called; persistent: the id, unless of a class
  PickleRef args = no_value;      // object: tuple of positional arguments; of a folded one only while it is unfolded
  PickleRef state = no_value;     // object: argument of BUILD
  std::uint64_t at = 0;           // byte of the opcode that made it
  union {
    std::int64_t integer = 0;  // boolean, integer; folded object: byte where its arguments begin
    double real;
  };
  std::string_view text;  // text, bytes, global ("module.name"), huge (little-endian two's complement)
  Few<PickleRef> items;   // elements; of a dict and of a mapping object: key, value, key ...
};

// Whether short arguments of a function, in calls of which there are many, are folded: read once more when they are
// needed, instead of kept.
using PickleFold = std::function<bool(std::string_view function)>;

class Pickle {
 public:
  // Reads one pickle at byte `start` of `bytes`, which must outlive it. Throws Error(input), "PLACE, byte N", for
  // damage, for names that run code or touch the system, for opcodes that no checkpoint needs and for sizes beyond the
  // caps (16 M opcodes, 1 M stack). Bytes count from that of `bytes`, not from `start`.
  Pickle(std::span<const std::byte> bytes, const std::string& place, std::size_t start = 0,
         const PickleFold& fold = {});

  const PickleValue& operator[](PickleRef ref) const { return store_->values[ref]; }
  const PickleValue& root() const { return store_->values[root_]; }
  PickleRef root_ref() const { return root_; }
  // Of values: every one below is a ref.
  PickleRef count() const { return static_cast<PickleRef>(store_->values.size()); }
  std::size_t size() const { return size_; }  // bytes, STOP included

  bool is_global(PickleRef ref, std::string_view name) const;
  // Byte of the first persistent id of a class, as files before PyTorch 1.6 have them; the class stands for it.
  std::optional<std::uint64_t> class_id() const { return store_->class_id; }

  // The arguments of a folded object, behind all other values as long as this lives; nothing to do for others.
  class Unfolded {
   public:
    Unfolded(const Pickle& pickle, PickleRef ref);
    ~Unfolded();
    Unfolded(const Unfolded&) = delete;
    Unfolded& operator=(const Unfolded&) = delete;

   private:
    const Pickle& pickle_;
    PickleRef ref_ = no_value;
    std::size_t values_;  // that there were before
  };

 private:
  friend class PickleReader;
  struct Store {
    std::span<const std::byte> bytes;
    std::string place;
    std::deque<PickleValue> values = {};
    std::deque<std::string> texts = {};                     // decoded
    std::set<std::string> names = {};                       // of globals
    std::unordered_map<std::int64_t, PickleRef> memo = {};  // stays where anything is folded
    std::optional<std::uint64_t> class_id = {};
  };
  std::unique_ptr<Store> store_;
  PickleRef root_ = 0;
  std::size_t size_ = 0;
};

}  // namespace torch2mlx
