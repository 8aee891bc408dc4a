#include "layers/families.h"

namespace torch2mlx::layers {
namespace {

// torch packs query, key and value behind each other; MLX has a projection each.
constexpr Target packed_weight[] = {
    {"query_proj.weight", 0, 1, 3}, {"key_proj.weight", 1, 2, 3}, {"value_proj.weight", 2, 3, 3}};
constexpr Target packed_bias[] = {
    {"query_proj.bias", 0, 1, 3}, {"key_proj.bias", 1, 2, 3}, {"value_proj.bias", 2, 3, 3}};
constexpr Target query[] = {{"query_proj.weight"}};
constexpr Target key[] = {{"key_proj.weight"}};
constexpr Target value[] = {{"value_proj.weight"}};

// bias_k and bias_v (add_bias_kv) have no counterpart in mlx.nn and stay bare parameters.
constexpr Parameter projections[] = {{"in_proj_weight", {}, packed_weight},
                                     {"in_proj_bias", {}, packed_bias},
                                     {"q_proj_weight", {}, query},
                                     {"k_proj_weight", {}, key},
                                     {"v_proj_weight", {}, value},
                                     {"bias_k", {}},
                                     {"bias_v", {}}};

constexpr Row table[] = {
    {"torch.nn.modules.activation.MultiheadAttention", "nn.MultiHeadAttention", "", "", projections, {}},
};

}  // namespace

std::span<const Row> attention_rows() { return table; }

}  // namespace torch2mlx::layers
