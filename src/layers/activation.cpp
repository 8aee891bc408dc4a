#include "layers/families.h"

namespace torch2mlx::layers {
namespace {

constexpr Parameter weight[] = {{"weight", {}}};

// In-place flags of torch have no counterpart: MLX arrays are values.
constexpr Row table[] = {
    {"torch.nn.modules.activation.ReLU", "nn.ReLU", "relu", "", {}, {}},
    {"torch.nn.modules.activation.ReLU6", "nn.ReLU6", "relu6", "", {}, {}},
    {"torch.nn.modules.activation.GELU", "nn.GELU", "gelu", "{?approximate!=\"none\"|{approximate}}", {}, {}},
    {"torch.nn.modules.activation.Tanh", "nn.Tanh", "tanh", "", {}, {}},
    {"torch.nn.modules.activation.Sigmoid", "nn.Sigmoid", "sigmoid", "", {}, {}},
    {"torch.nn.modules.activation.SiLU", "nn.SiLU", "silu", "", {}, {}},
    {"torch.nn.modules.activation.Mish", "nn.Mish", "mish", "", {}, {}},
    {"torch.nn.modules.activation.SELU", "nn.SELU", "selu", "", {}, {}},
    {"torch.nn.modules.activation.ELU", "nn.ELU", "elu", "{?alpha!=1.0|{alpha}}", {}, {}},
    {"torch.nn.modules.activation.CELU", "nn.CELU", "celu", "{?alpha!=1.0|{alpha}}", {}, {}},
    {"torch.nn.modules.activation.LeakyReLU",
     "nn.LeakyReLU",
     "leaky_relu",
     "{?negative_slope!=0.01|{negative_slope}}",
     {},
     {}},
    {"torch.nn.modules.activation.PReLU", "nn.PReLU", "prelu", "{weight.shape[0]}", weight, {}},
    {"torch.nn.modules.activation.Hardswish", "nn.Hardswish", "hardswish", "", {}, {}},
    {"torch.nn.modules.activation.Softsign", "nn.Softsign", "softsign", "", {}, {}},
    {"torch.nn.modules.activation.Softshrink", "nn.Softshrink", "softshrink", "{?lambd!=0.5|{lambd}}", {}, {}},
    {"torch.nn.modules.activation.LogSigmoid", "nn.LogSigmoid", "log_sigmoid", "", {}, {}},
    {"torch.nn.modules.activation.GLU", "nn.GLU", "glu", "{?dim!=-1|{dim}}", {}, {}},
};

}  // namespace

std::span<const Row> activation_rows() { return table; }

}  // namespace torch2mlx::layers
