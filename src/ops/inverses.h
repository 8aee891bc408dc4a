// What a write to a view makes of the tensor that is viewed: one function a kind of view.
#pragma once

#include "ops/aliases.h"

namespace torch2mlx::ops::inverse {

using Inverse = std::optional<graph::Ref>;

Inverse same(AtenBuilder& aten, const Write& w);           // the tensor itself
Inverse if_same_shape(AtenBuilder& aten, const Write& w);  // expand that expands nothing
Inverse reshaped(AtenBuilder& aten, const Write& w);       // another shape over the same elements
Inverse squeezed(AtenBuilder& aten, const Write& w);       // unsqueeze
Inverse permuted(AtenBuilder& aten, const Write& w);       // another order of axes
Inverse permuted_real(AtenBuilder& aten, const Write& w);  // adjoint, of real numbers
Inverse same_real(AtenBuilder& aten, const Write& w);      // the same, of real numbers
Inverse sliced(AtenBuilder& aten, const Write& w);         // slice
Inverse selected(AtenBuilder& aten, const Write& w);       // select
Inverse diagonal(AtenBuilder& aten, const Write& w);       // diagonal
Inverse narrowed(AtenBuilder& aten, const Write& w);       // narrow
Inverse piece(AtenBuilder& aten, const Write& w);          // split, chunk and their like
Inverse unbound(AtenBuilder& aten, const Write& w);        // unbind
Inverse as_complex(AtenBuilder& aten, const Write& w);     // view_as_real
Inverse as_real(AtenBuilder& aten, const Write& w);        // view_as_complex

}  // namespace torch2mlx::ops::inverse
