#include "layers/families.h"

namespace torch2mlx::layers {
namespace {

// The packed projection of query, key and value keeps torch's name and layout: a bare parameter of generated code.
constexpr Parameter packed[] = {{"in_proj_weight", {}}, {"in_proj_bias", {}},  {"q_proj_weight", {}},
                                {"k_proj_weight", {}},  {"v_proj_weight", {}}, {"bias_k", {}},
                                {"bias_v", {}}};

constexpr Row table[] = {
    {"torch.nn.modules.activation.MultiheadAttention", "", "", "", packed, {}},
};

}  // namespace

std::span<const Row> attention_rows() { return table; }

}  // namespace torch2mlx::layers
