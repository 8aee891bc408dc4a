// Does every row of the table of lowerings and every pass have a case file, and every case file a row or a pass?
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace torch2mlx::cases {

// One line for each that lacks the other; `root` holds ops/ and passes/.
std::vector<std::string> incomplete(const std::filesystem::path& root);

}  // namespace torch2mlx::cases
