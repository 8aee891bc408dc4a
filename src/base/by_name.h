// Finds items of a growing list by their names, for ten bytes an item; maps of strings take a hundred.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string_view>
#include <vector>

namespace torch2mlx {

// `List` is a vector, maybe const, of things with a `name`; it must outlive this. Of items of one name the first
// counts.
template <class List>
class ByName {
 public:
  explicit ByName(List& list) : list_(list) { add_new(); }

  // Takes in what the list has got since.
  void add_new() {
    if (2 * list_.size() > slots_.size()) {
      slots_.assign(std::max<std::size_t>(16, 2 * slots_.size()), none);
      while (slots_.size() < 2 * list_.size()) slots_.resize(2 * slots_.size(), none);
      known_ = 0;
    }
    for (; known_ < list_.size(); ++known_)
      if (std::uint32_t& slot = slots_[slot_of(list_[known_].name)]; slot == none)
        slot = static_cast<std::uint32_t>(known_);
  }

  // nullptr: there is none.
  auto* find(std::string_view name) const {
    const std::uint32_t index = slots_.empty() ? none : slots_[slot_of(name)];
    return index == none ? nullptr : &list_[index];
  }

  bool contains(std::string_view name) const { return find(name) != nullptr; }

 private:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  // Where the name stands, or would.
  std::size_t slot_of(std::string_view name) const {
    std::size_t at = std::hash<std::string_view>()(name) & (slots_.size() - 1);
    while (slots_[at] != none && std::string_view(list_[slots_[at]].name) != name) at = (at + 1) & (slots_.size() - 1);
    return at;
  }

  List& list_;
  std::vector<std::uint32_t> slots_;  // a power of two, at most half of them in use
  std::size_t known_ = 0;
};

}  // namespace torch2mlx
