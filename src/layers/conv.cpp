#include "layers/families.h"

namespace torch2mlx::layers {
namespace {

// torch keeps channels before the kernel's axes, MLX after them.
constexpr int oik_oki[] = {0, 2, 1};            // OIK -> OKI
constexpr int oihw_ohwi[] = {0, 2, 3, 1};       // OIHW -> OHWI
constexpr int oidhw_odhwi[] = {0, 2, 3, 4, 1};  // OIDHW -> ODHWI
constexpr int iok_oki[] = {1, 2, 0};            // IOK -> OKI
constexpr int iohw_ohwi[] = {1, 2, 3, 0};       // IOHW -> OHWI
constexpr int iodhw_odhwi[] = {1, 2, 3, 4, 0};  // IODHW -> ODHWI

constexpr Parameter conv1d[] = {{"weight", oik_oki}, {"bias", {}}};
constexpr Parameter conv2d[] = {{"weight", oihw_ohwi}, {"bias", {}}};
constexpr Parameter conv3d[] = {{"weight", oidhw_odhwi}, {"bias", {}}};
constexpr Parameter transpose1d[] = {{"weight", iok_oki, {}, true}, {"bias", {}}};
constexpr Parameter transpose2d[] = {{"weight", iohw_ohwi, {}, true}, {"bias", {}}};
constexpr Parameter transpose3d[] = {{"weight", iodhw_odhwi, {}, true}, {"bias", {}}};

constexpr std::string_view conv1d_text =
    "{weight.shape[2]*groups}, {weight.shape[0]}, kernel_size={weight.shape[1]}{?stride!=1|, stride={stride}}"
    "{?padding!=0|, padding={padding}}{?dilation!=1|, dilation={dilation}}{?groups!=1|, groups={groups}}"
    "{?!bias|, bias=False}";
constexpr std::string_view conv2d_text =
    "{weight.shape[3]*groups}, {weight.shape[0]}, kernel_size={weight.shape[1:3]}{?stride!=1|, stride={stride}}"
    "{?padding!=0|, padding={padding}}{?dilation!=1|, dilation={dilation}}{?groups!=1|, groups={groups}}"
    "{?!bias|, bias=False}";
constexpr std::string_view conv3d_text =
    "{weight.shape[4]}, {weight.shape[0]}, kernel_size={weight.shape[1:4]}{?stride!=1|, stride={stride}}"
    "{?padding!=0|, padding={padding}}{?dilation!=1|, dilation={dilation}}{?!bias|, bias=False}";
constexpr std::string_view transpose1d_text =
    "{weight.shape[2]}, {weight.shape[0]}, kernel_size={weight.shape[1]}{?stride!=1|, stride={stride}}"
    "{?padding!=0|, padding={padding}}{?dilation!=1|, dilation={dilation}}"
    "{?output_padding!=0|, output_padding={output_padding}}{?!bias|, bias=False}";
constexpr std::string_view transpose2d_text =
    "{weight.shape[3]}, {weight.shape[0]}, kernel_size={weight.shape[1:3]}{?stride!=1|, stride={stride}}"
    "{?padding!=0|, padding={padding}}{?dilation!=1|, dilation={dilation}}"
    "{?output_padding!=0|, output_padding={output_padding}}{?!bias|, bias=False}";
constexpr std::string_view transpose3d_text =
    "{weight.shape[4]}, {weight.shape[0]}, kernel_size={weight.shape[1:4]}{?stride!=1|, stride={stride}}"
    "{?padding!=0|, padding={padding}}{?dilation!=1|, dilation={dilation}}"
    "{?output_padding!=0|, output_padding={output_padding}}{?!bias|, bias=False}";

constexpr Row table[] = {
    {"torch.nn.modules.conv.Conv1d", "nn.Conv1d", "conv1d", conv1d_text, conv1d, {}},
    {"torch.nn.modules.conv.Conv2d", "nn.Conv2d", "conv2d", conv2d_text, conv2d, {}},
    {"torch.nn.modules.conv.Conv3d", "nn.Conv3d", "conv3d", conv3d_text, conv3d, {}},
    {"torch.nn.modules.conv.ConvTranspose1d",
     "nn.ConvTranspose1d",
     "conv_transpose1d",
     transpose1d_text,
     transpose1d,
     {},
     "groups=1"},
    {"torch.nn.modules.conv.ConvTranspose2d",
     "nn.ConvTranspose2d",
     "conv_transpose2d",
     transpose2d_text,
     transpose2d,
     {},
     "groups=1"},
    {"torch.nn.modules.conv.ConvTranspose3d",
     "nn.ConvTranspose3d",
     "conv_transpose3d",
     transpose3d_text,
     transpose3d,
     {},
     "groups=1"},
};
static_assert(permutations_are_valid(table));

}  // namespace

std::span<const Row> conv_rows() { return table; }

}  // namespace torch2mlx::layers
