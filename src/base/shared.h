// Immutable lists and texts that many hold: a copy is one more pointer to the same block.
#pragma once

#include <algorithm>
#include <atomic>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <new>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace torch2mlx {

// Eight bytes; an empty one has no block. At most 2^32 - 1 items.
template <class T>
class Shared {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  using value_type = T;
  using iterator = const T*;
  using const_iterator = const T*;

  Shared() = default;
  Shared(std::span<const T> items) : block_(items.empty() ? nullptr : make(items)) {}
  Shared(const std::vector<T>& items) : Shared(std::span<const T>(items)) {}
  Shared(std::initializer_list<T> items) : Shared(std::span<const T>(items.begin(), items.size())) {}
  Shared(const Shared& other) : block_(other.block_) {
    if (block_) block_->holders.fetch_add(1, std::memory_order_relaxed);
  }
  Shared(Shared&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Shared& operator=(Shared other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~Shared() {
    if (block_ && block_->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) ::operator delete(block_);
  }

  const T* data() const { return block_ ? reinterpret_cast<const T*>(block_ + 1) : nullptr; }
  std::size_t size() const { return block_ ? block_->size : 0; }
  bool empty() const { return !block_; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size(); }
  const T& operator[](std::size_t i) const { return data()[i]; }
  const T& front() const { return data()[0]; }
  const T& back() const { return data()[size() - 1]; }
  operator std::vector<T>() const { return {begin(), end()}; }

  friend bool operator==(const Shared& a, const Shared& b) {
    return a.block_ == b.block_ || std::equal(a.begin(), a.end(), b.begin(), b.end());
  }
  friend bool operator==(const Shared& a, const std::vector<T>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }
  friend auto operator<=>(const Shared& a, const Shared& b) {
    return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  // The items stand behind it.
  struct alignas(8) Block {
    std::atomic<std::uint32_t> holders;
    std::uint32_t size;
  };
  static_assert(alignof(T) <= alignof(Block));

  static Block* make(std::span<const T> items) {
    if (items.size() > UINT32_MAX) throw std::length_error("a text or list of more than 2^32 items");
    auto* block =
        new (::operator new(sizeof(Block) + items.size_bytes())) Block{1, static_cast<std::uint32_t>(items.size())};
    std::memcpy(static_cast<void*>(block + 1), items.data(), items.size_bytes());
    return block;
  }

  Block* block_ = nullptr;
};

using Sizes = Shared<std::int64_t>;

class Text {
 public:
  Text() = default;
  template <std::convertible_to<std::string_view> S>
  Text(const S& text) : characters_(std::span<const char>(std::string_view(text))) {}

  operator std::string_view() const { return {characters_.data(), characters_.size()}; }
  operator std::string() const { return {characters_.data(), characters_.size()}; }
  bool empty() const { return characters_.empty(); }
  bool starts_with(std::string_view start) const { return std::string_view(*this).starts_with(start); }
  bool ends_with(std::string_view end) const { return std::string_view(*this).ends_with(end); }

  template <std::convertible_to<std::string_view> S>
  friend bool operator==(const Text& a, const S& b) {
    return std::string_view(a) == std::string_view(b);
  }
  template <std::convertible_to<std::string_view> S>
  friend auto operator<=>(const Text& a, const S& b) {
    return std::string_view(a) <=> std::string_view(b);
  }

 private:
  Shared<char> characters_;
};

// Makes equal ones share a block; forgets what it knows where they are too many.
template <class T>
class Pool {
 public:
  const T& operator()(const T& value) {
    if (known_.size() > most) known_.clear();
    return *known_.insert(value).first;
  }

 private:
  static constexpr std::size_t most = 4096;
  std::set<T> known_;
};

}  // namespace torch2mlx
