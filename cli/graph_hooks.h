// What the command line needs from elsewhere: the graph library (MLX) and live PyTorch objects (Python). The native
// program runs without them; the Python entry point fills them in.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "torch2mlx/convert.h"
#include "weights/select.h"

namespace torch2mlx::cli {

// -q and what belongs to it, as mlx_lm.convert spells them; 0 and empty: the mode's default.
struct QuantizeRequest {
  bool wanted = false;
  std::string mode = "affine";
  int bits = 0, group_size = 0;
  std::vector<std::string> predicates;  // a recipe, or 'PATTERN=BITS', 'PATTERN=no'
};

// The parsed command line of the main form and of verify, as every hook sees it.
struct Request {
  std::string input;
  std::filesystem::path output;
  std::string key;                          // --key
  std::vector<std::string> example_inputs;  // --input 'name=f32[1,3,224,224]'
  std::string inputs;                       // --inputs FILE.safetensors
  std::string report;                       // --report FILE.html
  std::optional<double> tolerance;          // --tol
  int seed = 0;                             // --seed
  std::vector<std::string> mlxfn_shapes;    // --mlxfn-shape 'input_ids=1x16'
  std::string mlxfn_device;                 // --mlxfn-device: empty: MLX's own
  std::string mlxfn_weights = "inside";     // --mlxfn-weights
  QuantizeRequest quantize;
  Selection selection;    // --adapter, --only, --skip
  std::string optimizer;  // --optimizer: "auto" or a class of torch.optim
  bool codegen = false, verify = false, mlxfn = false, json = false, quiet = false, trust_code = false;
  Options conversion;
};

// What a graph and its generated code say about the weights beside it, as in Options, and what is said of the code:
// lines for the terminal and members of report.json ("code": {...}, "verification": ...), of which none are there
// without it.
struct Generated {
  std::map<std::string, std::vector<int>> layouts;
  std::vector<Module> modules;
  std::optional<std::set<std::string>> keys;
  std::vector<std::string> lines;
  std::string json = {};
  // The live model's tensors, where the file's are named otherwise and do not fit the code.
  std::optional<Checkpoint> weights;
};

// What a hook found out, for people and as one JSON value.
struct Outcome {
  bool passed = true;
  std::vector<std::string> lines;
  std::string json;
};

struct Hooks {
  // Opens what is not a file: "package.module:factory". Absent: such an input is an error that names Python's front
  // door.
  std::function<Checkpoint(const Request&)> open;
  // --codegen, --verify, --mlxfn: writes model.py and what belongs to it into `folder` (not yet the user's), before the
  // weights are planned, so that both agree on layouts. Absent: those options are errors that say what to install.
  std::function<Generated(const Request&, const std::filesystem::path& folder, const Checkpoint&)> generate;
  // Layouts that the graph inside a .pt2 file decides; nothing where it cannot be lowered.
  std::function<Generated(const Request&)> layouts;
  // --analyze-only: the graph of an input that has one or can give one; nothing where it cannot.
  std::function<std::optional<Outcome>(const Request&, const Checkpoint&)> analyze;
  // --report: writes the page, with all that the other hooks found out in this run. `weights`: report.json.
  std::function<void(const Request&, const Checkpoint&, const std::string& weights)> report;
  // torch2mlx verify INPUT OUTPUT_DIR; writes the page of --report itself.
  std::function<Outcome(const Request&)> verify;
  // torch2mlx ops, without --layers or --dtypes: {"aten": {op: schema}, "aliases": [op], "mlx": [op]} as JSON.
  std::function<std::string()> ops;
  // Called before the first file is created: from here on a signal must not end the process by itself.
  std::function<void()> writing;
  // Asked between blocks of output and before it gets its name; true stops with nothing left behind.
  std::function<bool()> interrupted;
};

}  // namespace torch2mlx::cli
