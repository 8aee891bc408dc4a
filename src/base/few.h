// A list that is mostly empty: eight bytes then.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace torch2mlx {

template <class T>
class Few {
 public:
  using value_type = T;
  using const_iterator = const T*;

  Few() = default;
  Few(std::initializer_list<T> items) : Few(std::vector<T>(items)) {}
  Few(std::vector<T> items) : items_(items.empty() ? nullptr : std::make_unique<std::vector<T>>(std::move(items))) {}
  Few(const Few& other) : items_(other.items_ ? std::make_unique<std::vector<T>>(*other.items_) : nullptr) {}
  Few(Few&&) noexcept = default;
  Few& operator=(Few other) noexcept {
    items_ = std::move(other.items_);
    return *this;
  }
  ~Few() = default;

  std::size_t size() const { return items_ ? items_->size() : 0; }
  bool empty() const { return size() == 0; }
  const T* data() const { return begin(); }
  const T* begin() const { return items_ ? items_->data() : nullptr; }
  const T* end() const { return begin() + size(); }
  const T& operator[](std::size_t i) const { return begin()[i]; }
  operator std::vector<T>() const { return {begin(), end()}; }

  void push_back(T item) {
    if (!items_) items_ = std::make_unique<std::vector<T>>();
    items_->push_back(std::move(item));
  }

  void append(const std::vector<T>& items) {
    if (items.empty()) return;
    if (!items_) items_ = std::make_unique<std::vector<T>>();
    items_->insert(items_->end(), items.begin(), items.end());
  }

 private:
  std::unique_ptr<std::vector<T>> items_;
};

}  // namespace torch2mlx
