#include "layers/families.h"

namespace torch2mlx::layers {
namespace {

constexpr Parameter weight[] = {{"weight", {}}};
constexpr Parameter weight_bias[] = {{"weight", {}}, {"bias", {}}};
constexpr Parameter with_statistics[] = {{"weight", {}}, {"bias", {}}, {"running_mean", {}}, {"running_var", {}}};
constexpr std::string_view step_counter[] = {"num_batches_tracked"};

constexpr std::string_view layer_norm =
    "{weight.shape[0]|dims}{?eps!=1e-05|, eps={eps}}{?!weight|, affine=False}{?weight&!bias|, bias=False}";
constexpr std::string_view rms_norm = "{weight.shape[0]|dims}{?eps!=1e-05|, eps={eps}}";
// mlx.nn orders the channels of a group unlike torch unless told.
constexpr std::string_view group_norm =
    "{num_groups}, {weight.shape[0]|num_channels|dims}{?eps!=1e-05|, eps={eps}}{?!weight|, affine=False}"
    ", pytorch_compatible=True";
constexpr std::string_view batch_norm =
    "{weight.shape[0]|running_mean.shape[0]|num_features}{?eps!=1e-05|, eps={eps}}"
    "{?momentum!=0.1&momentum!=None|, momentum={momentum}}{?!weight|, affine=False}"
    "{?!running_mean|, track_running_stats=False}";

// With running statistics (track_running_stats) it is a batch norm in eval mode; mlx.nn's keeps none.
constexpr std::string_view instance_norm =
    "{weight.shape[0]|num_features}{?eps!=1e-05|, eps={eps}}{?weight|, affine=True}";

constexpr Row table[] = {
    {"torch.nn.modules.normalization.LayerNorm", "nn.LayerNorm", "layer_norm", layer_norm, weight_bias, {}},
    {"torch.nn.modules.normalization.RMSNorm", "nn.RMSNorm", "rms_norm", rms_norm, weight, {}},
    {"torch.nn.modules.normalization.GroupNorm", "nn.GroupNorm", "group_norm", group_norm, weight_bias, {}},
    {"torch.nn.modules.batchnorm.BatchNorm1d", "nn.BatchNorm", "batch_norm", batch_norm, with_statistics, step_counter},
    {"torch.nn.modules.batchnorm.BatchNorm2d", "nn.BatchNorm", "batch_norm", batch_norm, with_statistics, step_counter},
    {"torch.nn.modules.batchnorm.BatchNorm3d", "nn.BatchNorm", "batch_norm", batch_norm, with_statistics, step_counter},
    {"torch.nn.modules.instancenorm.InstanceNorm1d", "nn.InstanceNorm", "instance_norm", instance_norm, with_statistics,
     step_counter},
    {"torch.nn.modules.instancenorm.InstanceNorm2d", "nn.InstanceNorm", "instance_norm", instance_norm, with_statistics,
     step_counter},
    {"torch.nn.modules.instancenorm.InstanceNorm3d", "nn.InstanceNorm", "instance_norm", instance_norm, with_statistics,
     step_counter},
    {"torch.nn.modules.batchnorm.SyncBatchNorm", "nn.BatchNorm", "batch_norm", batch_norm, with_statistics,
     step_counter},
};

}  // namespace

std::span<const Row> norm_rows() { return table; }

}  // namespace torch2mlx::layers
