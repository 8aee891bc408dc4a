#include "weights/packed.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "weights/covered.h"
#include "weights/float8.h"
#include "weights/packed_formats.h"

namespace torch2mlx::weights {
namespace {

using Method = void (*)(const PackedSource& source, Packed& packed);

struct MethodRow {
  std::string_view name;  // "quant_method"
  Method read;
};

constexpr MethodRow methods[] = {
    {"awq", read_awq},
    {"bitsandbytes", read_bitsandbytes},
    {"compressed-tensors", read_compressed_tensors},
    {"fbgemm_fp8", read_fp8},
    {"fp8", read_fp8},
    {"gptq", read_gptq},
    {"modelopt", read_modelopt},
    {"mxfp4", read_mxfp4},
};

// Ends of keys that mean nothing without the config of the library that wrote them.
struct Mark {
  std::string_view end, library;
};

constexpr Mark marks[] = {
    {".qweight", "GPTQ or AWQ"},        {".weight_packed", "compressed-tensors"}, {".SCB", "bitsandbytes"},
    {".weight.absmax", "bitsandbytes"}, {".weight.quant_map", "bitsandbytes"},    {".W_q", "HQQ"},
    {".weight._data", "quanto"},
};

void require_config(const Checkpoint& checkpoint, Packed& packed) {
  for (const Tensor& tensor : checkpoint.tensors)
    for (const Mark& mark : marks)
      if (tensor.name.ends_with(mark.end)) {
        packed.problems.push_back(fmt::format("{}: quantized by {}, and no quantization_config says how",
                                              printable(tensor.name), mark.library));
        return;
      }
}

}  // namespace

bool is_mlx(const Checkpoint& checkpoint) {
  const auto format = checkpoint.metadata.find("format");
  return (format != checkpoint.metadata.end() && format->second == "mlx") || !checkpoint.config.quantization.empty();
}

std::string scale_beside(const Tensor& tensor, const Index& tensors) {
  if (size_of(tensor.dtype) != 1 || tensor.dtype == Dtype::boolean) return {};
  const std::string_view name = tensor.name;
  for (const std::string_view end : {"_scale", "_scale_inv", "_scales"})
    if (std::string key = fmt::format("{}{}", name, end); tensors.contains(key)) return key;
  if (constexpr std::string_view blocks = "_blocks"; name.ends_with(blocks))  // MXFP4 of GPT-OSS
    if (std::string key = fmt::format("{}_scales", name.substr(0, name.size() - blocks.size())); tensors.contains(key))
      return key;
  if (!is_float8(tensor.dtype)) return {};
  for (const std::string_view beside : {"scale", "scales", "scale_weight"})
    if (std::string key = fmt::format("{}{}", module_prefix(name), beside); tensors.contains(key)) return key;
  return {};
}

Packed find_packed(const Checkpoint& checkpoint) {
  Packed packed;
  PackedSource source{checkpoint, {}, {}};
  for (const Tensor& tensor : checkpoint.tensors) source.tensors.emplace(tensor.name, &tensor);
  if (is_mlx(checkpoint)) {
    read_mlx(source, packed);
    return packed;
  }
  const std::string& text = checkpoint.config.quantization_config;
  if (text.empty()) {
    require_config(checkpoint, packed);
    return packed;
  }
  for (const Tensor& tensor : checkpoint.tensors)
    if (tensor.storage && tensor.storage->made && !is_floating(tensor.dtype)) {
      packed.problems.push_back(
          fmt::format("{}: a quantized model in parts, which is not read", printable(tensor.name)));
      return packed;
    }
  source.config = parse_json(text, "quantization_config");
  const std::string name = source.text("quant_method");
  const auto method = std::ranges::find(methods, name, &MethodRow::name);
  if (method != std::end(methods))
    method->read(source, packed);
  else
    packed.problems.push_back(fmt::format("quantization_config: quant_method '{}' is not understood", printable(name)));
  return packed;
}

}  // namespace torch2mlx::weights
