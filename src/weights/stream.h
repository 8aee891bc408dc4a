// Carries out a plan: every byte of the data section, in parallel, through buffers of fixed size.
#pragma once

#include "weights/output_file.h"
#include "weights/plan.h"

namespace torch2mlx::weights {

// Tensors that need no change are written straight from the mapped file, neighbours in one go (into reserved space that
// is faster than copy_file_range, which moves single pages); all others are gathered from it block by block. Throws the
// first Error met by any thread; Error(input) "interrupted" if progress says stop.
void stream(const Plan& plan, const OutputFile& file, const Options& options);

}  // namespace torch2mlx::weights
