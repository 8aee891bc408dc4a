// Half-written output of runs that were killed, told from that of runs at work by a lock.
#pragma once

#include <filesystem>
#include <string_view>

namespace torch2mlx::weights {

// Takes the lock (flock) of an open file or folder until its last descriptor is closed, as by the process's end. False
// if another has it, or where the file system has no locks.
bool lock(int descriptor);

// In a hidden folder, the one of files that have no other name: what they replaced. Never thrown away.
inline constexpr std::string_view moved_name = ".replaced";

// Removes the entries of `folder` with names of that form which nobody has locked and which hold no `moved_name`.
// Failures are ignored: what cannot be removed is in nobody's way.
void remove_abandoned(const std::filesystem::path& folder, std::string_view beginning, std::string_view end);

}  // namespace torch2mlx::weights
