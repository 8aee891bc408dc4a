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
// weight float8 [out, in] with weight_scale_inv (or weight_scale): a factor for each block, row or all.
void read_fp8(const PackedSource& source, Packed& packed);

}  // namespace torch2mlx::weights
