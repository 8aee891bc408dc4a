#include "layers/families.h"

namespace torch2mlx::layers {
namespace {

// torch's stride defaults to the kernel's size, as in MLX.
constexpr std::string_view window =
    "kernel_size={kernel_size}{?stride!=kernel_size&stride!=None|, stride={stride}}{?padding!=0|, padding={padding}}";

constexpr Row table[] = {
    {"torch.nn.modules.pooling.MaxPool1d", "nn.MaxPool1d", "max_pool1d", window, {}, {}},
    {"torch.nn.modules.pooling.MaxPool2d", "nn.MaxPool2d", "max_pool2d", window, {}, {}},
    {"torch.nn.modules.pooling.MaxPool3d", "nn.MaxPool3d", "max_pool3d", window, {}, {}},
    {"torch.nn.modules.pooling.AvgPool1d", "nn.AvgPool1d", "avg_pool1d", window, {}, {}},
    {"torch.nn.modules.pooling.AvgPool2d", "nn.AvgPool2d", "avg_pool2d", window, {}, {}},
    {"torch.nn.modules.pooling.AvgPool3d", "nn.AvgPool3d", "avg_pool3d", window, {}, {}},
};

}  // namespace

std::span<const Row> pooling_rows() { return table; }

}  // namespace torch2mlx::layers
