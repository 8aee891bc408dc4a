#include "cli/run.h"

namespace torch2mlx::cli {

int run(std::vector<std::string>, const Hooks&) { return 2; }

}  // namespace torch2mlx::cli
