// Independent pieces of work on several cores.
#pragma once

#include <cstddef>
#include <functional>

namespace torch2mlx {

// Calls fn(0) ... fn(count - 1), each once, in any order, on up to `threads` threads (0: one a core); returns when all
// are done. The first exception ends the rest early and is thrown to the caller. Calls may nest.
void parallel_for(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& fn);

}  // namespace torch2mlx
