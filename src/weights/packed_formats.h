// One function a format: the keys that belong to a matrix, and how its codes, scales and zeros are laid out.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "read/json.h"
#include "weights/packed.h"

namespace torch2mlx::weights {

struct PackedSource {
  const Checkpoint& checkpoint;
  Json config;  // of the quantization
  std::unordered_map<std::string_view, const Tensor*> tensors;

  const Tensor* find(const std::string& name) const {
    const auto it = tensors.find(name);
    return it == tensors.end() ? nullptr : it->second;
  }
  std::string text(std::string_view name, std::string_view otherwise = "") const {
    const Json* value = member(config, name);
    return value && value->is_string() ? value->get<std::string>() : std::string(otherwise);
  }
  std::int64_t number(std::string_view name, std::int64_t otherwise) const {
    const Json* value = member(config, name);
    return value && value->is_number_integer() ? value->get<std::int64_t>() : otherwise;
  }
};

// "fc" of "fc.weight"; empty where it ends otherwise.
std::string stem(const std::string& name, std::string_view end);
Part part_of(const Tensor& tensor);
// What config.json says the model computes in, else bfloat16.
Dtype model_dtype(const PackedSource& source);
// Scales of inputs and caches: PyTorch rounds activations by them, MLX computes with the numbers themselves.
void drop_activations(const PackedSource& source, Packed& packed);

// MLX's own: {"group_size": 64, "bits": 4, "mode": "affine", "lm_head": {...}}, else the record of a conversion.
void read_mlx(const PackedSource& source, Packed& packed);
// qweight int32 [in * bits / 32, out], bits in turn along the inputs; qzeros [groups, out * bits / 32], one less than
// the zero point ("gptq_v2": the zero point); scales [groups, out]; g_idx: the group of each input.
void read_gptq(const PackedSource& source, Packed& packed);
// qweight int32 [in, out / 8]: the outputs 0, 2, 4, 6, 1, 3, 5, 7 from the lowest 4 bits on; qzeros [groups, out / 8]
// likewise; scales [groups, out].
void read_awq(const PackedSource& source, Packed& packed);
// "pack-quantized": weight_packed int32 [out, in * bits / 32] of value + 2^(bits - 1), weight_zero_point packed along
// the outputs; "int-quantized": weight int8; "float-quantized": weight float8; weight_scale [out, groups].
void read_compressed_tensors(const PackedSource& source, Packed& packed);
// "mxfp4-pack-quantized", "nvfp4-pack-quantized": weight_packed uint8 [out, in / 2] of e2m1 codes, the lower 4 bits
// first; "mxfp8-quantized": weight float8. weight_scale [out, groups]: MX's exponents, or float8 over
// weight_global_scale.
void read_compressed_floats(const PackedSource& source, Packed& packed, QuantizationMode mode);
// transformers' gpt-oss: NAME_blocks uint8 [experts, out, groups, 16] as above, NAME_scales [experts, out, groups].
void read_mxfp4(const PackedSource& source, Packed& packed);
// ModelOpt's NVFP4: weight uint8 [out, in / 2] as above, times weight_scale [out, in / 16] and weight_scale_2.
void read_modelopt(const PackedSource& source, Packed& packed);
// weight uint8 of 4-bit codes, the upper ones first, absmax by block (quantized again or not) and a quant_state in
// JSON; or weight int8 [out, in] with SCB, 127 times the factor of each row.
void read_bitsandbytes(const PackedSource& source, Packed& packed);
// weight float8 [out, in] with weight_scale_inv (or weight_scale): a factor for each block, row or all.
void read_fp8(const PackedSource& source, Packed& packed);

}  // namespace torch2mlx::weights
