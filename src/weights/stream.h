// Carries out a plan: every byte of its tensors, in parallel, through buffers of fixed size.
#pragma once

#include <map>
#include <span>

#include "weights/output_file.h"
#include "weights/plan.h"

namespace torch2mlx::weights {

// What streaming alone can tell, by index into plan.tensors.
struct Streamed {
  std::map<std::size_t, std::int64_t> overflowed;  // finite numbers that became infinite, where there are any
  std::vector<std::uint32_t> checksums;            // CRC-32 of each tensor, where plan.finish asks for them
  std::map<std::size_t, Quantized> odd;            // quantized matrices with groups that have no numbers for it
};

// Tensors that need no change are written straight from the mapped file, neighbours in one go (into reserved space that
// is faster than copy_file_range, which moves single pages); all others are gathered from it block by block. `files`
// are open for plan.files. Throws the first Error met by any thread; Error(input) "interrupted" if progress says stop.
Streamed stream(const Plan& plan, std::span<const std::unique_ptr<OutputFile>> files, const Options& options);

}  // namespace torch2mlx::weights
