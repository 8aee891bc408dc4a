#include "base/parallel.h"

#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>
#include <tbb/task_arena.h>

namespace torch2mlx {

void parallel_for(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& fn) {
  if (count <= 1 || threads == 1) {
    for (std::size_t i = 0; i < count; ++i) fn(i);
    return;
  }
  tbb::task_arena arena(threads == 0 ? tbb::task_arena::automatic : static_cast<int>(threads));
  // Pieces are large: each is its own task, so that an uneven one does not hold others back.
  arena.execute([&] { tbb::parallel_for(std::size_t{0}, count, std::size_t{1}, fn, tbb::simple_partitioner()); });
}

}  // namespace torch2mlx
