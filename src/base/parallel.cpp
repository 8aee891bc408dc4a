#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace torch2mlx {
namespace {

// What is left to do, and the first exception. A piece is taken when a thread is free, so that a long one holds no
// others back.
class Pieces {
 public:
  Pieces(std::size_t count, const std::function<void(std::size_t)>& fn) : count_(count), fn_(fn) {}

  void work() noexcept {
    try {
      for (std::size_t i = next_++; i < count_; i = next_++) fn_(i);
    } catch (...) {
      next_ = count_;
      const std::lock_guard lock(failing_);
      if (!failure_) failure_ = std::current_exception();
    }
  }

  void finish() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  const std::size_t count_;
  const std::function<void(std::size_t)>& fn_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex failing_;
  std::exception_ptr failure_;
};

}  // namespace

void parallel_for(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& fn) {
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  if (count <= 1 || threads == 1) {
    for (std::size_t i = 0; i < count; ++i) fn(i);
    return;
  }
  Pieces pieces(count, fn);
  std::vector<std::thread> others;
  const std::size_t wanted = std::min<std::size_t>(count, threads) - 1;
  others.reserve(wanted);
  try {
    while (others.size() < wanted) others.emplace_back([&pieces] { pieces.work(); });
  } catch (const std::exception&) {
    // Where a process may have no more threads, those that there are do the work.
  }
  pieces.work();
  for (std::thread& thread : others) thread.join();
  pieces.finish();
}

}  // namespace torch2mlx
