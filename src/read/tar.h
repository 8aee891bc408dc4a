// Tar archives in place: regular files, once each, with headers that agree with their checksums.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "read/bytes.h"

namespace torch2mlx {

struct TarMember {
  std::string_view name;               // in the map
  std::uint64_t offset = 0, size = 0;  // of the data, in bytes of the file
};

// `folders`: entries of folders are passed over, names may begin with "./".
// Members in file order. POSIX.1-1988 headers, octal and base-256 sizes; of POSIX.1-2001 extended headers (Python's
// tarfile writes them for times) the size alone counts. Throws Error(input), place "tar header, byte N": links, folders
// and devices, names that occur twice, data that leaves the file, a missing end, bytes behind it.
std::vector<TarMember> read_tar(Bytes bytes, bool folders = false);

bool looks_like_tar(Bytes bytes);

}  // namespace torch2mlx
