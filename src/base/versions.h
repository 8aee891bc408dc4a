// A table that grows while others read it.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace torch2mlx {

// A change makes a new version; older ones stay, so that what was found in them remains valid.
template <class Table>
class Versions {
 public:
  explicit Versions(Table first) { keep(std::move(first)); }

  const Table& now() const { return *now_.load(std::memory_order_acquire); }

  // `alter(table)` may throw, which leaves the table as it was.
  template <class F>
  void change(F&& alter) {
    const std::scoped_lock lock(mutex_);
    Table next = now();
    alter(next);
    keep(std::move(next));
  }

 private:
  void keep(Table table) {
    kept_.push_back(std::make_unique<const Table>(std::move(table)));
    now_.store(kept_.back().get(), std::memory_order_release);
  }

  std::mutex mutex_;
  std::vector<std::unique_ptr<const Table>> kept_;
  std::atomic<const Table*> now_ = nullptr;
};

}  // namespace torch2mlx
