#include "cli/parse.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "base/error.h"
#include "base/numbers.h"
#include "weights/adapter.h"

namespace torch2mlx::cli {
namespace {

// PATTERN=Class or PATTERN=Class,groups=N.
void add_layer_type(Request& request, const std::string& text) {
  const auto equals = text.substr(0, text.rfind(",groups=")).rfind('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    throw CLI::ValidationError("--layer-type", "'" + text + "' is not of the form PATTERN=Class");
  request.conversion.layer_types.emplace_back(text.substr(0, equals), text.substr(equals + 1));
}

void add_dtype(Request& request, const std::string& text) {
  constexpr std::array names{"float32", "float16", "bfloat16"};
  const auto equals = text.rfind('=');
  const std::string name = equals == std::string::npos ? text : text.substr(equals + 1);
  if (std::ranges::find(names, name) == names.end() || equals == 0)
    throw CLI::ValidationError("--dtype",
                               fmt::format("'{}' is none of {} nor PATTERN=TYPE", text, fmt::join(names, ", ")));
  const Dtype dtype = dtype_from_torch(name).value();
  if (equals == std::string::npos)
    request.conversion.dtype = dtype;
  else
    request.conversion.dtypes.emplace_back(text.substr(0, equals), dtype);
}

// "package.module:factory", as opposed to a path that does not exist.
bool names_a_factory(const std::string& input) {
  const auto colon = input.find(':');
  return colon != std::string::npos && colon > 0 && input.find('/') == std::string::npos &&
         !std::filesystem::exists(input);
}

}  // namespace

void add_reading_options(CLI::App& app, Request& request) {
  app.add_option("--key", request.key, "Entry of a nested checkpoint, as in 'state_dict' or 'ema.model'");
  app.add_option_function<std::vector<std::string>>(
         "--layer-type",
         [&request](const std::vector<std::string>& all) {
           for (const auto& text : all) add_layer_type(request, text);
         },
         "PATTERN=Class: the torch.nn class of modules or keys that match (repeatable, the last that matches counts; "
         "=Parameter keeps the layout, =ConvTranspose2d,groups=N tells the groups)")
      ->allow_extra_args(false);
  app.add_option("--adapter", request.selection.adapter,
                 "Merge this LoRA into the weights: a folder of PEFT, or a file of PEFT, diffusers or kohya");
  app.add_option("--only", request.selection.only, "PATTERN: convert the keys or modules that match alone (repeatable)")
      ->allow_extra_args(false);
  app.add_option("--skip", request.selection.skip, "PATTERN: leave out the keys or modules that match (repeatable)")
      ->allow_extra_args(false);
  add_dtype_option(app, request);
  app.add_flag("--strict-dtypes", request.conversion.strict_dtypes, "Refuse to narrow float64 unasked");
}

std::uint64_t bytes_of(const std::string& text) {
  struct Unit {
    const char* name;
    std::uint64_t bytes;
  };
  constexpr std::uint64_t k = 1000, ki = 1024;
  constexpr Unit units[] = {{"", 1},
                            {"B", 1},
                            {"KB", k},
                            {"MB", k * k},
                            {"GB", k * k * k},
                            {"KIB", ki},
                            {"MIB", ki * ki},
                            {"GIB", ki * ki * ki},
                            {"TB", k * k * k * k}};
  const auto end = text.find_first_not_of("0123456789.");
  std::string unit = end == std::string::npos ? "" : text.substr(end);
  std::ranges::transform(unit, unit.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  const auto* found = std::ranges::find(units, unit, &Unit::name);
  const auto number = parse_number<double>(std::string_view(text).substr(0, end));
  if (found == std::end(units) || !number || *number * static_cast<double>(found->bytes) > 9e18)
    throw CLI::ValidationError("--shard-size", "'" + text + "' is no size like 5GB or 800MiB");
  return static_cast<std::uint64_t>(*number * static_cast<double>(found->bytes));
}

void add_quantize_options(CLI::App& app, Request& request) {
  std::vector<std::string> modes;
  for (const auto& row : weights::quantization_modes()) modes.emplace_back(row.name);
  QuantizeRequest& q = request.quantize;
  app.add_flag("-q,--quantize", q.wanted, "Quantize linear and embedding layers");
  app.add_flag("-d,--dequantize", request.conversion.dequantize, "Make quantized matrices plain ones");
  app.add_option("--q-mode", q.mode, "How (default: affine)")->check(CLI::IsMember(modes));
  app.add_option("--q-bits", q.bits, "Bits a weight (default: 4, mxfp8: 8)")->check(CLI::Range(1, 8));
  app.add_option("--q-group-size", q.group_size, "Weights that share a scale (default: 64, mx: 32, nvfp4: 16)")
      ->check(CLI::Range(1, 1024));
  app.add_option("--quant-predicate", q.predicates,
                 fmt::format("{}, or 'PATTERN=BITS', 'PATTERN=no' for modules that match (repeatable)",
                             fmt::join(weights::quant_recipes(), ", ")))
      ->allow_extra_args(false);
}

std::optional<QuantizeOptions> quantization(const QuantizeRequest& request) {
  if (!request.wanted) return std::nullopt;
  const auto& row = weights::row(weights::mode_from_name(request.mode).value());
  QuantizeOptions options;
  options.defaults = {row.mode, request.bits ? request.bits : row.bits,
                      request.group_size ? request.group_size : row.group_size};
  for (const std::string& text : request.predicates) {
    const auto equals = text.rfind('=');
    if (equals == std::string::npos) {
      options.recipe = text;
      continue;
    }
    const std::string how = text.substr(equals + 1);
    std::optional<Quantization> rule;
    if (how != "no") {
      rule = options.defaults;
      if (how.size() != 1 || how[0] < '1' || how[0] > '8')
        throw CLI::ValidationError("--quant-predicate", "'" + text + "' is neither PATTERN=BITS nor PATTERN=no");
      rule->bits = how[0] - '0';
    }
    options.rules.emplace_back(text.substr(0, equals), rule);
  }
  return options;
}

void add_dtype_option(CLI::App& app, Request& request) {
  app.add_option_function<std::vector<std::string>>(
         "--dtype",
         [&request](const std::vector<std::string>& all) {
           for (const auto& text : all) add_dtype(request, text);
         },
         "float32, float16 or bfloat16 for floating tensors, or 'PATTERN=TYPE' for those that match (repeatable)")
      ->allow_extra_args(false);
}

void add_graph_options(CLI::App& app, Request& request) {
  auto* described =
      app.add_option("--input", request.example_inputs, "Example input, as in 'name=f32[1,3,224,224]' (repeatable)")
          ->allow_extra_args(false);
  app.add_option("--inputs", request.inputs, "File of example inputs, named as the arguments or 0, 1 ...")
      ->excludes(described);
  app.add_option("--report", request.report, "Write what was found out as an HTML page")
      ->type_name("FILE.html")
      ->check([](const std::string& text) -> std::string {
        const std::filesystem::path path = text, folder = path.parent_path();
        if (path.extension() != ".html" && path.extension() != ".htm") return "the page's name ends in .html";
        return folder.empty() || std::filesystem::is_directory(folder) ? "" : folder.string() + " is no folder";
      });
  app.add_option("--seed", request.seed, "Of the numbers of --input")->check(CLI::NonNegativeNumber);
  app.add_option("--tol", request.tolerance, "Largest difference that passes, of max(1, max|PyTorch|)")
      ->check(CLI::NonNegativeNumber);
  app.add_flag("--trust-code,--trust-remote-code", request.trust_code,
               "Let the input run its own code to build a live module");
}

void add_mlxfn_options(CLI::App& app, Request& request) {
  app.add_flag("--mlxfn", request.mlxfn, "Write model.mlxfn, for mx.import_function in Python, C++ and Swift");
  app.add_option("--mlxfn-shape", request.mlxfn_shapes,
                 "Shapes of a function in it, as in 'input_ids=1x16,attention_mask=1x16' (repeatable)")
      ->allow_extra_args(false);
  app.add_option("--mlxfn-device", request.mlxfn_device, "Where it runs (default: where MLX computes here)")
      ->check(CLI::IsMember({"cpu", "gpu"}));
  app.add_option("--mlxfn-weights", request.mlxfn_weights,
                 "inside the file (default), or inputs: keywords, to be loaded from model.safetensors")
      ->check(CLI::IsMember({"inside", "inputs"}));
}

void check_mlxfn(const Request& request) {
  const Options& conversion = request.conversion;
  if (request.mlxfn &&
      (conversion.quantize || conversion.dtype || !conversion.dtypes.empty() || conversion.torch_layouts))
    throw CLI::ValidationError("--mlxfn", "holds the model in its own types: not with -q, --dtype, --layout mlx-lm");
}

Checkpoint open_input(const Request& request, const Hooks& hooks, bool verify) {
  const auto prepared = [&](Checkpoint checkpoint) {
    const bool alone = request.selection.adapter.empty() && is_adapter(checkpoint);  // whose modules --skip names
    return alone ? checkpoint : prepare(std::move(checkpoint), request.selection);
  };
  const bool factory = names_a_factory(request.input);
  if (!request.key.empty() && factory)
    throw Error(ErrorKind::input, "--key " + request.key, "names an entry of a file, but the input is live");
  if (!factory) {
    Checkpoint checkpoint = open_checkpoint(request.input, request.key, verify);
    if (!request.key.empty() && checkpoint.format == "safetensors")
      throw Error(ErrorKind::input, "--key " + request.key, "safetensors files hold no entries to choose from");
    return prepared(std::move(checkpoint));
  }
  if (hooks.open) {
    Checkpoint checkpoint = hooks.open(request);
    checkpoint.path = request.input;  // what messages call it
    return prepared(std::move(checkpoint));
  }
  throw Error(ErrorKind::input, request.input, "a factory of a live model needs PyTorch",
              "python -m torch2mlx, with torch installed, takes it");
}

void ask_layouts(Request& request, const Hooks& hooks, const Checkpoint& checkpoint, bool traced) {
  if ((!traced && checkpoint.format != "torch.export") || !hooks.layouts) return;
  Generated graph = hooks.layouts(request);
  request.conversion.layouts.merge(graph.layouts);
  request.conversion.modules = std::move(graph.modules);
}

}  // namespace torch2mlx::cli
