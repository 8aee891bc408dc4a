#include "weights/abandoned.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace torch2mlx::weights {

namespace fs = std::filesystem;

bool lock(int descriptor) { return ::flock(descriptor, LOCK_EX | LOCK_NB) == 0; }

void remove_abandoned(const fs::path& folder, std::string_view beginning, std::string_view end) {
  std::vector<fs::path> found;
  std::error_code ignored;
  const fs::path here = folder.empty() ? "." : folder;
  for (fs::directory_iterator it(here, ignored); it != fs::directory_iterator(); it.increment(ignored))
    if (const std::string name = it->path().filename().string(); name.starts_with(beginning) && name.ends_with(end))
      found.push_back(it->path());
  for (const fs::path& path : found) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) continue;
    if (lock(descriptor) && !fs::exists(path / moved_name, ignored)) fs::remove_all(path, ignored);
    ::close(descriptor);
  }
}

}  // namespace torch2mlx::weights
