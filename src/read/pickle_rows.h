// What names in a pickle stand for, as far as it matters whether a file that holds them is read.
#pragma once

#include <string_view>

namespace torch2mlx {

// Why a dotted name is refused ("starts processes"); empty for one that is kept, inert. Names of third parties are kept
// unless a row says otherwise: real checkpoints hold classes and functions of any package.
std::string_view reason_against(std::string_view full);

}  // namespace torch2mlx
