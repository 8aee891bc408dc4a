// Matrices that come quantized, in MLX's formats or in those that PyTorch's libraries write.
#pragma once

#include <functional>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "weights/folds.h"
#include "weights/packed_elements.h"

namespace torch2mlx::weights {

struct PackedMatrix {
  std::string name;                 // "q_proj.weight"
  std::string format;               // "GPTQ"
  std::vector<std::string> from;    // keys; the first stands for all
  std::vector<std::int64_t> shape;  // of the plain matrix: [out, in], or several stacked
  PackedParts parts;
  std::string only_plain = {};  // why MLX cannot hold it quantized; empty: it can

  std::int64_t columns() const { return shape.back(); }
  std::int64_t rows() const {
    return std::accumulate(shape.begin(), shape.end() - 1, std::int64_t{1}, std::multiplies());
  }
};

struct Packed {
  std::vector<PackedMatrix> matrices;
  std::vector<Fold> folds;                                   // float8 and the scales of its blocks
  std::vector<std::pair<std::string, std::string>> dropped;  // key, why
  std::vector<std::string> notes, problems;
};

// True where the file says that MLX wrote it.
bool is_mlx(const Checkpoint& checkpoint);

// The key beside float8 or bytes that holds their scales, without which the numbers mean nothing; empty: there is none.
std::string scale_beside(const Tensor& tensor, const Index& tensors);

// What the checkpoint's "quantization" (MLX) or "quantization_config" (GPTQ, AWQ, compressed-tensors, fp8) tells of its
// tensors; the record of a conversion where config.json is not at hand. `problems`: a format or an option that is not
// understood, keys of such formats that no config explains, shapes that do not fit.
Packed find_packed(const Checkpoint& checkpoint);

}  // namespace torch2mlx::weights
