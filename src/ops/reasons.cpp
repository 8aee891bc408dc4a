#include "ops/reasons.h"

#include <algorithm>
#include <array>

namespace torch2mlx::ops {
namespace {

constexpr std::string_view shape = "the shape of its result depends on data";
constexpr std::string_view number = "it reads a number out of a tensor while the model runs";
constexpr std::string_view random = "MLX draws no numbers of this distribution";
constexpr std::string_view vectors = "vectors of this factorization are unique only up to their sign";
constexpr std::string_view memory = "how a tensor lies in memory is nothing that MLX knows";
constexpr std::string_view gradients = "it computes gradients, which MLX takes of the model itself (nn.value_and_grad)";
constexpr std::string_view steps = "the number of its steps depends on data";

struct Reason {
  std::string_view op, why;
};
constexpr std::array reasons{
    Reason{"aten.nonzero.default", shape},
    Reason{"aten.nonzero_numpy.default", shape},
    Reason{"aten.argwhere.default", shape},
    Reason{"aten.where.default", shape},
    Reason{"aten.masked_select.default", shape},
    Reason{"aten.bincount.default", shape},
    Reason{"aten._unique.default", shape},
    Reason{"aten._unique2.default", shape},
    Reason{"aten.unique_dim.default", shape},
    Reason{"aten.unique_consecutive.default", shape},
    Reason{"aten.narrow.Tensor", number},
    Reason{"aten.tensor_split.tensor_indices_or_sections", number},
    Reason{"aten.is_nonzero.default", number},
    Reason{"aten.poisson.default", random},
    Reason{"aten.binomial.default", random},
    Reason{"aten.linalg_svd.default", vectors},
    Reason{"aten._linalg_svd.default", vectors},
    Reason{"aten.svd.default", vectors},
    Reason{"aten.linalg_eigh.default", vectors},
    Reason{"aten._linalg_eigh.default", vectors},
    Reason{"aten.linalg_eig.default", vectors},
    Reason{"aten.linalg_matrix_exp.default", steps},
    Reason{"aten.gcd.default", steps},
    Reason{"aten.lcm.default", steps},
    Reason{"aten.special_hermite_polynomial_h.default", steps},
    Reason{"aten.special_hermite_polynomial_he.default", steps},
    Reason{"aten.special_laguerre_polynomial_l.default", steps},
    Reason{"aten.special_legendre_polynomial_p.default", steps},
    Reason{"aten.resize_.default", "it sets the size of a tensor that others may share"},
    Reason{"aten.sym_stride.int", memory},
    Reason{"aten.sym_storage_offset.default", memory},
    Reason{"aten.sym_is_contiguous.default", memory},
};

}  // namespace

std::string_view why_not(std::string_view op) {
  const auto it = std::ranges::find(reasons, op, &Reason::op);
  if (it != reasons.end()) return it->why;
  const std::string_view packet = op.substr(0, op.rfind('.'));
  if (!is_foreign(op) && packet.find("_backward") != packet.npos) return gradients;
  const bool library = op.find('.') != op.npos && is_foreign(op);
  return library ? "torch2mlx.register_lowering gives it one" : std::string_view();
}

bool is_foreign(std::string_view op) {
  // The namespaces of PyTorch whose operators write to no argument, or say so by their names.
  constexpr std::array<std::string_view, 6> torchs{"aten", "prims", "sym", "math", "profiler", "higher_order"};
  return std::ranges::find(torchs, op.substr(0, op.find('.'))) == torchs.end();
}

}  // namespace torch2mlx::ops
