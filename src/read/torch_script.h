// The classes of a TorchScript archive: what its code/ says about the attributes that its pickle holds.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "read/checkpoint.h"
#include "read/zip.h"

namespace torch2mlx {

struct ScriptClass {
  std::vector<std::string> tensors;             // parameters and buffers, in order
  std::map<std::string, Attribute> attributes;  // constants: numbers, tuples of them, strings
};

// By the name that the pickle has ("__torch__.torch.nn.modules.conv.___torch_mangle_0.Conv2d"); empty for archives that
// torch.save wrote. Code that is not understood is passed over.
std::map<std::string, ScriptClass> script_classes(const ZipArchive& archive, std::string_view root);

// "torch.nn.modules.conv.Conv2d": the class that was compiled.
std::string compiled_class(std::string_view name);

}  // namespace torch2mlx
