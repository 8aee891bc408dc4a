// Weights: a checkpoint in PyTorch's names and layouts -> one MLX safetensors file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/dtype.h"
#include "base/few.h"
#include "layers/coverage.h"
#include "read/checkpoint.h"
#include "weights/quant_rules.h"

namespace torch2mlx {

struct Report;

struct Options {
  // Floating tensors become this type, rounded to nearest even. float64 is narrowed to float32 where none is given.
  std::optional<Dtype> dtype;
  // Pattern of a key or module -> type, before `dtype`; the last that matches wins.
  std::vector<std::pair<std::string, Dtype>> dtypes;
  bool strict_dtypes = false;  // narrowing without being asked is an error
  // Pattern of a module path or key (* ? [..]) -> torch.nn class, or "Parameter" for tensors that keep their layout;
  // ",groups=N" behind it for transposed convolutions without bias, of which nothing else tells them. The last that
  // matches wins.
  std::vector<std::pair<std::string, std::string>> layer_types;
  // By state-dict key, torch axes in MLX order (empty: unchanged); decided by a graph, trusted before anything else.
  std::map<std::string, std::vector<int>> layouts;
  // Keys that the generated class declares; all others are dropped and reported. Nothing: every key is kept.
  std::optional<std::set<std::string>> keys;
  // What `record` gave for the original, to restore files that MLX wrote itself and that hold none.
  std::string record;
  // Module tree of a live model, for checkpoints that tell none.
  std::vector<Module> modules;
  // Weights of linear and embedding layers become MLX's quantized ones.
  std::optional<QuantizeOptions> quantize;
  bool dequantize = false;        // matrices that come quantized become plain ones
  bool adapter = false;           // the tensors are an adapter's, as mlx_lm_adapter gives them
  bool torch_layouts = false;     // every tensor keeps its name and axes, for models that rearrange them themselves
  std::uint64_t shard_bytes = 0;  // tensors of a file weigh no more, single ones apart; 0: one file
  unsigned threads = 0;           // 0: one a core
  bool sync = true;               // fsync before the file appears
  bool force = false;             // replace an existing file
  // Called once everything is decided and before anything is written; may throw.
  std::function<void(const Report&)> planned;
  // Bytes written so far and in all; called from one thread at a time; false stops with Error(input).
  std::function<bool(std::uint64_t done, std::uint64_t total)> progress;
};

// What told a tensor's layout.
enum class Evidence : std::uint8_t {
  graph,
  module_tree,
  layer_type,
  architecture,  // config.json's model_type, by the table of transformers' models
  shape,         // no other layer has parameters of these names and shapes
  rank,
  record,        // of the conversion that is undone
  quantization,  // config of the format that the matrix is quantized in
  mlx            // the file is MLX's already
};

struct TensorReport {
  Text name;
  Dtype from, to;
  Evidence evidence;
  Sizes torch_shape, mlx_shape;
  Shared<int> permutation = {};  // torch axes in MLX order, empty: unchanged
  Text layer = {};               // class that owns the tensor, where known
  Text how = {};                 // what else was done: "weight_norm folded"
  Few<Text> outputs = {};        // keys in the output, where it is not this name alone
};

// A matrix of the output that is quantized, by the key of its weight.
struct QuantizedMatrix {
  Text weight;
  Quantization how;

  std::string_view path() const;  // of the module: the key without ".weight"
};

struct Report {
  std::vector<TensorReport> tensors;                         // in order of the source
  std::vector<std::pair<std::string, std::string>> dropped;  // key, why
  std::vector<std::string> notes;                            // of the reader, then of the plan
  std::vector<std::string> problems;                         // what stands against converting; empty after convert
  std::vector<QuantizedMatrix> quantized;                    // sorted by path
  layers::Coverage coverage;       // of the module tree; where none is known, of the modules that the keys name
  std::vector<std::string> files;  // of the output, beside each other
  std::uint64_t bytes = 0;         // of all of them, headers included
};

// What `convert` would do; reads no tensor. Problems are listed, not thrown.
Report analyze(const Checkpoint& checkpoint, const Options& options = {});

// What `convert` writes into its output so that `restore` can undo it; JSON. Throws as `convert` does before it writes.
std::string record(const Checkpoint& checkpoint, const Options& options = {});

// Writes `path`, all or nothing: it appears complete, or what was there before stays. Memory use does not depend on the
// model's bytes; what is planned for a tensor takes up to 0.4 KiB. Throws Error(unsupported) with every problem of
// the plan, Error(input) where writing fails.
Report convert(const Checkpoint& checkpoint, const std::filesystem::path& path, const Options& options = {});

// "graph", "module tree", "--layer-type", "config.json" ...
const char* to_string(Evidence evidence);

// Numbers, names and problems as JSON text (report.json).
std::string to_json(const Report& report);

}  // namespace torch2mlx
