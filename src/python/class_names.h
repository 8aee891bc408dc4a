// What generated classes are called: PyTorch's names, and where one class of PyTorch becomes several, what tells them
// apart.
#pragma once

#include "python/classes.h"
#include "python/names.h"

namespace torch2mlx::python {

// Sets Class::name of every class but the last, which has its name already. "T5Attention" that is one thing in the
// encoder and another in the decoder: T5EncoderAttention, T5DecoderAttention. Names come from attributes on the way to
// the modules, from being the first or last of a list, or from a child that the others do not have; where all that does
// not tell two classes apart, they are numbered.
void name_classes(Classes& classes, NamePool& pool);

}  // namespace torch2mlx::python
