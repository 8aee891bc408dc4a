// The .pt2 reader behind an archive that is already open.
#pragma once

#include "read/torch_export.h"
#include "read/zip.h"

namespace torch2mlx {

// Throws Error(unsupported) for the layout of PyTorch before 2.8.
bool is_exported_archive(const ZipArchive& archive);

ExportedArchive read_exported_zip(const ZipArchive& archive, const std::string& model, bool verify);

}  // namespace torch2mlx
