// The whole output decided before its first byte: names, layouts, types, files, offsets and headers.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "torch2mlx/convert.h"
#include "weights/computed.h"
#include "weights/record.h"

namespace torch2mlx::weights {

// How the terms of a part become one tensor, element by element.
enum class Combine { copy, add, multiply };

// Consecutive elements of an output tensor. Terms are views of sources in the output's order; all have one shape,
// strides of 0 spread a smaller one. Where they are combined it is in float32 (float64 where a term is).
class Part {
 public:
  Part() = default;
  Part(Combine combine, std::vector<Tensor> terms);
  explicit Part(std::shared_ptr<const Computed> computed);
  // All of a tensor as it stands, which must outlive the part.
  static Part of(const Tensor& tensor);
  // The same part with a tensor of its own.
  Part owned() const;

  Combine combine() const { return several_ ? several_->combine : Combine::copy; }
  std::span<const Tensor> terms() const;
  const Computed* computed() const { return several_ ? several_->computed.get() : nullptr; }  // instead of terms

  std::uint64_t elements() const {
    return static_cast<std::uint64_t>(computed() ? computed()->size : terms().front().elements());
  }

 private:
  struct Several {
    Combine combine;
    std::vector<Tensor> terms;
    std::shared_ptr<const Computed> computed = {};
  };
  std::shared_ptr<const Tensor> only_;  // most parts are one term
  std::shared_ptr<const Several> several_;
};

// A matrix that is quantized on the way; scales and biases are outputs of their own, without parts.
struct Packing {
  Quantization quantization;
  Dtype dtype;  // that it is quantized from
  std::string scales, biases;
};

struct Planned {
  Text name;  // key in the output
  Dtype dtype;
  std::uint32_t file = 0;  // index into Plan::files
  Sizes shape;
  std::vector<Part> parts;  // one behind the other
  std::shared_ptr<const Packing> packing = {};
  std::uint64_t at = 0;  // byte in that file

  std::uint64_t bytes() const;
};

// Bytes that stand around the tensors of a file: headers, directories.
struct Literal {
  std::uint64_t at;
  std::string bytes;
};

struct Plan;

struct PlannedFile {
  std::string name;
  std::uint64_t size = 0;  // bytes, literals included
  std::vector<Literal> literals;
  // Gives what stands at the file's beginning piece by piece, where that is long.
  std::function<void(const Plan& plan, const Put& put)> beginning = {};
};

struct Plan {
  std::vector<Planned> tensors;
  std::vector<PlannedFile> files;
  // Small arrays that parts refer to and that need a look at the data (norms of folded weights): run before streaming.
  std::vector<std::function<void()>> prepare;
  // Literals of the first file that need the CRC-32 of each tensor; empty: nobody needs any.
  std::function<std::vector<Literal>(std::span<const std::uint32_t> checksums)> finish;
  bool recorded = true;                         // whether the output tells `record`
  std::map<std::string, std::string> metadata;  // of the output besides
  Record record;                                // what turns the output back into the source
  std::map<std::string, std::string> aliases;   // tensors of `tensors` that are another of them once more
  Report report;
  std::set<std::string> stacked;  // outputs that are matrices along the axes before their last two
  bool ambiguous = false;         // a problem that --layer-type would settle
};

// Problems of single tensors go to report.problems, all of them. `file` is the name of the output, "model.safetensors".
// The checkpoint must outlive the plan. Throws Error(input) for an input that is MLX's already and is to stay as it is,
// and for a --layer-type or --dtype that names no class or no tensor.
Plan plan(const Checkpoint& checkpoint, const Options& options, const std::string& file = "model.safetensors");

// The type that floating tensors of this key are to have; nothing: their own.
std::optional<Dtype> wanted_dtype(const Options& options, std::string_view key);

// Throws Error(unsupported) with every problem as a detail, if there is any.
void require_sound(const Plan& plan, const std::filesystem::path& input);

}  // namespace torch2mlx::weights
