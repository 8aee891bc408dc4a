// The whole output decided before its first byte: names, layouts, types, files, offsets and headers.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/few.h"
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
  friend class Parts;
  const Tensor* whole_ = nullptr;  // most parts are a tensor as it stands
  std::shared_ptr<const Several> several_;
};

// Parts behind each other; a single one that is a tensor as it stands takes no memory of its own.
class Parts {
 public:
  Parts() = default;
  Parts(std::initializer_list<Part> parts);
  explicit Parts(std::vector<Part> parts);

  std::size_t size() const { return whole_ ? 1 : others_.size(); }
  bool empty() const { return size() == 0; }
  Part operator[](std::size_t i) const { return whole_ ? Part::of(*whole_) : others_[i]; }
  Part front() const { return (*this)[0]; }
  std::uint64_t elements() const;  // of all
  void push_back(Part part);
  std::vector<Part> list() const;

 private:
  const Tensor* whole_ = nullptr;
  Few<Part> others_;  // or these
};

// How a matrix is quantized on the way; its scales and biases are outputs of their own, without parts.
struct Packing {
  Quantization quantization;
  Dtype dtype;  // that it is quantized from
  friend bool operator==(const Packing&, const Packing&) = default;
};

// What an output holds of what its name says.
enum class Piece : std::uint8_t { all, scales, biases };

// There may be many, so each is small.
struct Planned {
  Text name;  // key in the output; of scales and biases: that of their weight
  Dtype dtype;
  Piece piece = Piece::all;
  std::uint16_t packing = 0;  // 1 + index into Plan::packings, where it is quantized
  std::uint32_t file = 0;     // index into Plan::files
  Sizes shape;
  Parts parts;
  std::uint64_t at = 0;  // byte in that file

  std::uint64_t bytes() const;
  std::string key() const;  // in the output
};

// Whether the key of `a` sorts before that of `b`.
bool in_order(const Planned& a, const Planned& b);

struct Plan;
using PutAt = std::function<void(std::uint64_t at, std::string_view piece)>;

struct PlannedFile {
  std::string name;
  std::uint64_t size = 0;  // bytes, all that stands around the tensors included
  // Gives what stands at the file's beginning, piece by piece.
  std::function<void(const Plan& plan, const Put& put)> beginning = {};
};

struct Plan {
  std::vector<Planned> tensors;
  std::vector<Packing> packings;  // all different
  std::deque<Tensor> terms;       // that parts refer to and that are no tensors of the checkpoint
  std::vector<PlannedFile> files;
  // Small arrays that parts refer to and that need a look at the data (norms of folded weights): run before streaming.
  std::vector<std::function<void()>> prepare;
  // Gives what needs the CRC-32 of each tensor, with its place in the first file; empty: nobody needs any.
  std::function<void(const Plan& plan, std::span<const std::uint32_t> checksums, const PutAt& put)> finish;
  bool recorded = true;                         // whether the output tells `record`
  std::map<std::string, std::string> metadata;  // of the output besides
  Record record;                                // what turns the output back into the source
  std::map<std::string, std::string> aliases;   // tensors of `tensors` that are another of them once more
  Report report;
  std::set<std::string> stacked;  // outputs that are matrices along the axes before their last two
  bool ambiguous = false;         // a problem that --layer-type would settle

  // nullptr: it is not quantized.
  const Packing* packing_of(const Planned& planned) const {
    return planned.packing == 0 ? nullptr : &packings[planned.packing - 1u];
  }
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
