// The zip archive of torch.save around tensors that are streamed into it.
#pragma once

#include <string>

#include "weights/plan.h"

namespace torch2mlx::weights {

// Fills bytes, file and at of plan.tensors and one file with all that stands around them: local headers (data begins at
// multiples of 64 bytes), data.pkl (an OrderedDict of tensors; plan.aliases share a storage), byteorder, version. The
// checksums follow in plan.finish, when the tensors are written.
// torch.load(weights_only=True) reads it, as does any zip tool. Throws Error(input) for keys that are not UTF-8.
void assign_archive(Plan& plan, const std::string& file);

}  // namespace torch2mlx::weights
