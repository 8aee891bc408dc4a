// Layers of other packages that models are commonly made of. What only computes its weight in another way (weight
// standardisation, "same" padding) has a convolution's layout, but no mlx.nn class.
#include "layers/families.h"

namespace torch2mlx::layers {
namespace {

constexpr int io_oi[] = {1, 0};
constexpr int oihw_ohwi[] = {0, 2, 3, 1};
constexpr int oidhw_odhwi[] = {0, 2, 3, 4, 1};

constexpr Parameter transposed_linear[] = {{"weight", io_oi}, {"bias", {}}};
constexpr Parameter weight_bias[] = {{"weight", {}}, {"bias", {}}};
constexpr Parameter conv[] = {{"weight", oihw_ohwi}, {"bias", {}}};
constexpr Parameter conv3d[] = {{"weight", oidhw_odhwi}, {"bias", {}}};
constexpr Parameter weight[] = {{"weight", {}}};
constexpr Parameter gamma[] = {{"gamma", {}}};
constexpr Parameter scaled_conv[] = {{"weight", oihw_ohwi}, {"bias", {}}, {"gain", oihw_ohwi}};
constexpr Parameter statistics[] = {{"weight", {}}, {"bias", {}}, {"running_mean", {}}, {"running_var", {}}};
constexpr std::string_view step_counter[] = {"num_batches_tracked"};

constexpr std::string_view linear = "{weight.shape[1]}, {weight.shape[0]}{?!bias|, bias=False}";
constexpr std::string_view layer_norm =
    "{weight.shape[0]|dims}{?eps!=1e-05|, eps={eps}}{?!weight|, affine=False}{?weight&!bias|, bias=False}";
constexpr std::string_view batch_norm = "{weight.shape[0]}{?eps!=1e-05|, eps={eps}}";

constexpr Row table[] = {
    {"transformers.pytorch_utils.Conv1D", "nn.Linear", "linear", linear, transposed_linear, {}},
    {"timm.layers.linear.Linear", "nn.Linear", "linear", linear, weight_bias, {}},
    {"timm.layers.conv2d_same.Conv2dSame", "", "", "", conv, {}},
    {"timm.layers.conv2d_same.Conv2dSameExport", "", "", "", conv, {}},
    {"timm.layers.std_conv.StdConv2d", "", "", "", conv, {}},
    {"timm.layers.std_conv.StdConv2dSame", "", "", "", conv, {}},
    {"timm.layers.std_conv.ScaledStdConv2d", "", "", "", scaled_conv, {}},
    {"timm.layers.std_conv.ScaledStdConv2dSame", "", "", "", scaled_conv, {}},
    {"timm.layers.norm_act.BatchNormAct2d", "", "", "", statistics, step_counter},
    {"timm.layers.norm_act.SyncBatchNormAct", "", "", "", statistics, step_counter},
    {"timm.layers.norm_act.FrozenBatchNormAct2d", "", "", "", statistics, step_counter},
    {"timm.layers.norm_act.GroupNormAct", "", "", "", weight_bias, {}},
    {"timm.layers.norm_act.LayerNormAct", "", "", "", weight_bias, {}},
    {"timm.layers.norm_act.LayerNormAct2d", "", "", "", weight_bias, {}},
    {"timm.layers.norm.LayerNorm", "nn.LayerNorm", "layer_norm", layer_norm, weight_bias, {}},
    {"timm.layers.norm.LayerNorm2d", "", "", "", weight_bias, {}},
    {"timm.layers.norm.GroupNorm", "", "", "", weight_bias, {}},
    {"timm.layers.norm.GroupNorm1", "", "", "", weight_bias, {}},
    {"timm.layers.norm.RmsNorm", "", "", "", weight, {}},
    {"timm.layers.norm.RmsNorm2d", "", "", "", weight, {}},
    {"timm.layers.layer_scale.LayerScale", "", "", "", gamma, {}},
    {"timm.layers.layer_scale.LayerScale2d", "", "", "", gamma, {}},
    {"torchvision.models.convnext.LayerNorm2d", "", "", "", weight_bias, {}},
    {"torchvision.models.video.resnet.Conv3DSimple", "", "", "", conv3d, {}},
    {"torchvision.models.video.resnet.Conv3DNoTemporal", "", "", "", conv3d, {}},
    {"torchvision.ops.misc.FrozenBatchNorm2d", "nn.BatchNorm", "", batch_norm, statistics, step_counter},
    {"torchvision.ops.deform_conv.DeformConv2d", "", "", "", weight_bias, {}},
};
static_assert(permutations_are_valid(table));

}  // namespace

std::span<const Row> package_rows() { return table; }

}  // namespace torch2mlx::layers
