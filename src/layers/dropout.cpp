#include "layers/families.h"

namespace torch2mlx::layers {
namespace {

constexpr std::string_view probability = "{p}";

constexpr Row table[] = {
    {"torch.nn.modules.dropout.Dropout", "nn.Dropout", "dropout", probability, {}, {}},
    {"torch.nn.modules.dropout.Dropout2d", "nn.Dropout2d", "dropout2d", probability, {}, {}},
    {"torch.nn.modules.dropout.Dropout3d", "nn.Dropout3d", "dropout3d", probability, {}, {}},
};

}  // namespace

std::span<const Row> dropout_rows() { return table; }

}  // namespace torch2mlx::layers
