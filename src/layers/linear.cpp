#include "layers/families.h"

namespace torch2mlx::layers {
namespace {

constexpr Parameter weight_bias[] = {{"weight", {}}, {"bias", {}}};
constexpr int oab_oba[] = {0, 2, 1};
constexpr Parameter bilinear[] = {{"weight", oab_oba}, {"bias", {}}};  // torch out, in1, in2 -> MLX out, in2, in1
constexpr std::string_view linear = "{weight.shape[1]}, {weight.shape[0]}{?!bias|, bias=False}";

constexpr Row table[] = {
    {"torch.nn.modules.linear.Linear", "nn.Linear", "linear", linear, weight_bias, {}},
    {"torch.nn.modules.linear.NonDynamicallyQuantizableLinear", "nn.Linear", "linear", linear, weight_bias, {}},
    {"torch.nn.modules.linear.Bilinear",
     "nn.Bilinear",
     "bilinear",
     "{weight.shape[2]}, {weight.shape[1]}, {weight.shape[0]}{?!bias|, bias=False}",
     bilinear,
     {}},
    {"torch.nn.modules.linear.Identity", "nn.Identity", "", "", {}, {}},
};
static_assert(permutations_are_valid(table));

}  // namespace

std::span<const Row> linear_rows() { return table; }

}  // namespace torch2mlx::layers
