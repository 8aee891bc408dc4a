// What torch.save writes since 1.6, and torch.jit.save: a zip archive with one pickle and one record a storage.
#pragma once

#include <string>

#include "read/checkpoint.h"
#include "read/torch_tree.h"
#include "read/zip.h"

namespace torch2mlx {

// `verify` compares the records' checksums, which reads the whole file. Throws Error(input), place
// "data.pkl, byte N" or "zip entry 'x'"; Error(unsupported) for tensors without plain elements.
Checkpoint read_torch_zip(const std::shared_ptr<const MappedFile>& file, const ZipArchive& archive,
                          const Collect& collect, bool verify);

// Byte order of the records; throws Error(input) for a record that names none.
bool is_big_endian(const ZipArchive& archive, std::string_view root);

}  // namespace torch2mlx
