// Carries out a plan: every byte of the data section, in parallel, through buffers of fixed size.
#pragma once

#include "weights/output_file.h"
#include "weights/plan.h"

namespace torch2mlx::weights {

// Tensors that need no change are copied by the kernel, neighbours in one go; all others are gathered from the mapped
// file block by block. Throws the first Error met by any thread; Error(input) "interrupted" if progress says stop.
void stream(const Plan& plan, const OutputFile& file, const Options& options);

}  // namespace torch2mlx::weights
