// torch2mlx INPUT OUTPUT_DIR [options]
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <span>
#include <system_error>

#include "base/error.h"
#include "base/mapped_file.h"
#include "cli/parse.h"
#include "cli/terminal.h"
#include "read/hf_folder.h"
#include "weights/adapter.h"
#include "weights/by_output.h"
#include "weights/config.h"
#include "weights/optimizer_state.h"
#include "weights/output_file.h"
#include "weights/output_folder.h"
#include "weights/plan.h"
#include "weights/report_json.h"

namespace torch2mlx::cli {
namespace {

struct Flags {
  bool analyze_only = false, dry_run = false, no_sync = false;
};

constexpr const char* footer =
    "Also, each with --help: torch2mlx convert INPUT OUTPUT_DIR (the same), analyze INPUT (--analyze-only), inspect "
    "INPUT,\n"
    "verify INPUT OUTPUT_DIR, restore MLX_INPUT OUTPUT, ops [--layers|--dtypes] [--json], help [COMMAND].";

// Generated code and comparisons are of the input as it stands.
void check_selection(const Request& request) {
  if (!request.selection.empty() && (request.codegen || request.verify || request.mlxfn))
    throw CLI::ValidationError("--adapter, --only, --skip",
                               "change the weights alone: not with --codegen, --verify, --mlxfn");
}

void parse_arguments(Arguments args, Request& request, Flags& flags) {
  CLI::App app("Converts PyTorch models to MLX.", "torch2mlx");
  app.set_version_flag("--version", "torch2mlx " TORCH2MLX_VERSION);
  app.footer(footer);
  app.add_option("INPUT,--hf-path,--model", request.input,
                 ".safetensors, *.index.json, Hugging Face folder, .pt .pth .bin .ckpt, .pt2, package.module:factory");
  app.add_option("OUTPUT_DIR,--mlx-path", request.output, "Folder for model.safetensors and what belongs to it");
  app.add_flag("--analyze-only", flags.analyze_only, "Report what would become of the input; nothing is written");
  app.add_flag("--dry-run", flags.dry_run, "Plan and check everything; nothing is written");
  app.add_flag("--codegen", request.codegen, "Write model.py");
  app.add_flag("--verify", request.verify, "Run original and converted and compare");
  add_mlxfn_options(app, request);
  app.add_option_function<std::string>(
         "--shard-size", [&request](const std::string& text) { request.conversion.shard_bytes = bytes_of(text); },
         "Largest file of weights, as in 5GB or 800MiB (default 5GiB; 0: one file)")
      ->default_str("5GiB");
  app.add_option("--threads", request.conversion.threads, "Threads (default: one a core)")->check(CLI::Range(0, 1024));
  app.add_flag("--no-sync", flags.no_sync, "Do not wait until the output is on disk");
  app.add_flag("--force", request.conversion.force, "Replace existing files");
  app.add_flag("--quiet", request.quiet, "Print errors alone");
  app.add_flag("--json", request.json, "Print the report as JSON");
  app.add_flag_callback(
      "--no-analyze", [] {}, "Accepted; what cannot be converted is always found before anything is written");
  std::string layout = "mlx";
  app.add_option("--layout", layout,
                 "mlx: as mlx.nn layers have them; mlx-lm: for mlx_lm.load, whose models rearrange them")
      ->check(CLI::IsMember({"mlx", "mlx-lm"}));
  app.add_flag(
      "--optimizer{auto}", request.optimizer,
      "Write optimizer.safetensors: the optimizer's state as mlx.optimizers has it (=AdamW where the file does "
      "not tell the class)");
  add_quantize_options(app, request);
  add_graph_options(app, request);
  add_reading_options(app, request);
  parse(app, std::move(args));
  if (request.input.empty()) throw CLI::RequiredError("INPUT");
  request.conversion.torch_layouts = layout == "mlx-lm";
  if (request.conversion.torch_layouts && (request.codegen || request.verify))
    throw CLI::ValidationError("--layout mlx-lm", "is for mlx-lm's own models: not with --codegen, --verify");
  request.conversion.quantize = quantization(request.quantize);
  check_mlxfn(request);
  check_selection(request);
  request.conversion.sync = !flags.no_sync;
  if (request.output.empty() && !flags.analyze_only && !flags.dry_run) throw CLI::RequiredError("OUTPUT_DIR");
}

void print_report(const Report& report, const Checkpoint& checkpoint) {
  std::size_t permuted = 0, cast = 0;
  for (const auto& tensor : report.tensors) {
    permuted += !tensor.permutation.empty();
    cast += tensor.from != tensor.to;
  }
  fmt::print("{}: {}, {} tensors, {} to other layouts, {} to other types, {} dropped\n",
             printable(checkpoint.path.filename().string()), checkpoint.format, checkpoint.tensors.size(), permuted,
             cast, report.dropped.size());
  for (const auto& note : report.notes) fmt::print("  {}\n", printable(note));
  for (const auto& problem : report.problems) fmt::print("  cannot convert {}\n", printable(problem));
}

// Is a config.json written whether there was one or not?
bool says_quantization(const Checkpoint& checkpoint, const Options& options) {
  const ModelConfig& config = checkpoint.config;
  return options.quantize || !config.quantization.empty() || !config.quantization_config.empty();
}

// A module of sentence-transformers: its weights in MLX's layout, everything else as it is.
void carry_part(const std::filesystem::path& part, const std::filesystem::path& to, const Options& options) {
  namespace fs = std::filesystem;
  fs::create_directory(to);
  std::string weights_name;
  for (const char* name : {"pytorch_model.bin", "model.safetensors"})
    if (fs::exists(part / name)) weights_name = name;
  for (const auto& entry : fs::directory_iterator(part)) {
    const std::string name = entry.path().filename().string();
    if (name == "pytorch_model.bin" || name == "model.safetensors" || name.starts_with('.')) continue;
    if (!entry.is_regular_file())
      throw Error(ErrorKind::unsupported, (part / name).string(),
                  "a folder within a module, which is not carried over");
    const auto file = MappedFile::open(member_file(part, name));
    weights::write_file(to / name, {reinterpret_cast<const char*>(file->bytes().data()), file->bytes().size()},
                        options.sync);
    file->require_unchanged();
  }
  if (!weights_name.empty()) {
    Options own;
    own.dtype = options.dtype;
    own.strict_dtypes = options.strict_dtypes;
    own.sync = options.sync;
    own.threads = options.threads;
    convert(open_checkpoint(member_file(part, weights_name)), to / "model.safetensors", own);
  }
  if (options.sync) weights::sync_folder(to);
}

// config.json is written anew where something is to be said in it, as mlx-lm reads it: how weights are quantized, and
// names of settings that transformers 5 changed.
void carry_over(const Checkpoint& checkpoint, const std::filesystem::path& folder, const Report& report,
                const Options& options) {
  std::string config;
  for (const auto& companion : checkpoint.companions) {
    if (std::filesystem::exists(folder / companion.filename())) continue;  // generated: model.py
    const auto file = MappedFile::open(companion);
    std::string text(reinterpret_cast<const char*>(file->bytes().data()), file->bytes().size());
    file->require_unchanged();
    if (companion.filename() == "config.json")
      config = text;
    else
      weights::write_file(folder / companion.filename(), text, options.sync);
  }
  for (const auto& part : checkpoint.parts) carry_part(part, folder / part.filename(), options);
  if (!config.empty() || says_quantization(checkpoint, options))
    weights::write_file(folder / "config.json", weights::converted_config(config, options, report.quantized),
                        options.sync);
}

void write_report(const std::filesystem::path& path, const Report& report, std::string_view beside, bool sync) {
  weights::OutputFile file(path, 0);
  std::uint64_t at = 0;
  const auto put = [&](std::string_view piece) {
    file.write(at, std::as_bytes(std::span(piece)));
    at += piece.size();
  };
  weights::put_json(report, put, beside);
  file.commit(sync, true);
}

std::vector<std::string> output_names(const Request& request, const Checkpoint& checkpoint,
                                      std::vector<std::string> names) {
  names.push_back("report.json");
  if (request.codegen) names.push_back("model.py");
  if (request.mlxfn) names.push_back("model.mlxfn");
  if (!request.optimizer.empty()) names.push_back("optimizer.safetensors");
  if (says_quantization(checkpoint, request.conversion)) names.push_back("config.json");
  for (const auto& companion : checkpoint.companions) names.push_back(companion.filename().string());
  for (const auto& part : checkpoint.parts) names.push_back(part.filename().string() + "/");
  return names;
}

// --report tells of the graph's analysis, of code and verification.
void require_graph(const Request& request, const Hooks& hooks) {
  const char* option = request.codegen           ? "--codegen"
                       : request.verify          ? "--verify"
                       : request.mlxfn           ? "--mlxfn"
                       : !request.report.empty() ? "--report"
                                                 : nullptr;
  if (option && !hooks.generate)
    throw Error(ErrorKind::unsupported, option, "this program was started without the graph library",
                "python -m torch2mlx has it");
}

void stop_if_interrupted(const Hooks& hooks) {
  if (hooks.interrupted && hooks.interrupted())
    throw Error(ErrorKind::input, "output", "interrupted; nothing was changed");
}

// What a graph decides about the weights; code is written into `folder`.
Generated ask_graph(Request& request, const Hooks& hooks, const Checkpoint& opened,
                    const std::filesystem::path& folder) {
  Options& options = request.conversion;
  Generated generated;
  if (!request.codegen && !request.verify && !request.mlxfn) {
    ask_layouts(request, hooks, opened);
    return generated;
  }
  generated = hooks.generate(request, folder, opened);
  options.layouts.merge(generated.layouts);
  options.modules = generated.modules;
  options.keys = generated.keys;
  return generated;
}

// The file of weights, or the folder and how many there are.
std::string written(const std::filesystem::path& folder, const std::vector<std::string>& files) {
  if (files.size() == 1) return (folder / files[0]).string();
  const auto is_shard = [](const std::string& name) { return name.ends_with(".safetensors"); };
  return fmt::format("{}: {} files of weights", folder.string(), std::ranges::count_if(files, is_shard));
}

int write_into(weights::OutputFolder& folder, Request& request, const Hooks& hooks, const Checkpoint& opened) {
  const auto start = std::chrono::steady_clock::now();
  auto& options = request.conversion;
  folder.expect(output_names(request, opened, {"model.safetensors"}));
  std::optional<OptimizerState> optimizer;
  if (!request.optimizer.empty()) optimizer = find_optimizer(request.input);
  const Generated generated = ask_graph(request, hooks, opened, folder.staging());
  const Checkpoint& checkpoint = generated.weights ? *generated.weights : opened;
  options.planned = [&](const Report& planned) { folder.expect(output_names(request, opened, planned.files)); };
  Report report;
  {
    Progress bar(request.quiet);
    report = convert(checkpoint, folder.staging() / "model.safetensors", bar.watch(options, hooks.interrupted));
  }
  if (!request.optimizer.empty()) {
    const auto torch_class = request.optimizer == "auto" ? std::string() : request.optimizer;
    auto made = convert_optimizer(checkpoint, std::move(*optimizer), folder.staging() / "optimizer.safetensors",
                                  options, torch_class);
    std::ranges::move(made.notes, std::back_inserter(report.notes));
  }
  if (request.verify && (options.quantize || options.dtype || !options.dtypes.empty()))
    report.notes.emplace_back("compared before types were changed: `torch2mlx verify` compares what was written");
  carry_over(opened, folder.staging(), report, options);
  write_report(folder.staging() / "report.json", report, generated.json, options.sync);
  stop_if_interrupted(hooks);
  folder.commit(options.sync);
  if (!request.report.empty()) hooks.report(request, opened, to_json(report));
  if (request.json) weights::put_json(report, [](std::string_view piece) { fmt::print("{}", piece); }, generated.json);
  if (request.json || request.quiet) return 0;
  print_report(report, opened);
  for (const auto& line : generated.lines) fmt::print("  {}\n", printable(line, 1000));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  fmt::print("{}: {} in {:.2f} s\n", written(request.output, report.files), human_size(report.bytes), seconds.count());
  return 0;
}

int write_output(Request& request, const Hooks& hooks, const Checkpoint& opened) {
  if (hooks.writing) hooks.writing();
  weights::OutputFolder folder(request.output, request.conversion.force);
  try {
    return write_into(folder, request, hooks, opened);
  } catch (const Error& error) {
    throw folder.as_seen(error);
  }
}

// Without a graph, coverage is by the classes of the layers alone.
void print_coverage(const layers::Coverage& coverage) {
  if (!coverage.total) return;
  fmt::print("{} of {} layers convert ({:.0f}%)\n", coverage.mapped, coverage.total,
             100 * coverage.fraction(coverage.mapped));
  for (const auto& layer : coverage.unmapped) fmt::print("  not converted: {}\n", printable(layer));
}

void print_outputs(const weights::Plan& plan) {
  const weights::ByOutput sources(plan.report.tensors);
  for (std::size_t file = 0; file < plan.files.size(); ++file) {
    fmt::print("{}: {}\n", plan.files[file].name, human_size(plan.files[file].size));
    for (const auto& planned : plan.tensors) {
      if (planned.file != file) continue;
      const auto found = sources.find(planned.key());
      const TensorReport* source = found.empty() ? nullptr : &plan.report.tensors[found.front().source];
      fmt::print("  {}  {}  {} bytes{}\n", printable(planned.key()), describe(planned.shape, planned.dtype),
                 planned.bytes(), source ? fmt::format("  {}", printable(describe_rule(*source))) : "");
    }
  }
}

// A folder of the system's for temporary files, gone with the object.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "torch2mlx-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::system_error(errno, std::generic_category(), name);
    path_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// --analyze-only: what would become of the input, problems and all.
int print_analysis(Request& request, const Hooks& hooks, const Checkpoint& checkpoint) {
  std::optional<Outcome> graph;
  if (hooks.analyze) graph = hooks.analyze(request, checkpoint);
  ask_layouts(request, hooks, checkpoint, graph.has_value());
  const Report report = analyze(checkpoint, request.conversion);
  if (!request.report.empty()) hooks.report(request, checkpoint, to_json(report));
  if (request.json) {
    weights::put_json(
        report, [](std::string_view piece) { fmt::print("{}", piece); },
        graph ? fmt::format("\"graph\": {}", graph->json) : "");
  } else if (!request.quiet) {
    print_report(report, checkpoint);
    if (!graph) print_coverage(report.coverage);
    if (graph)
      for (const auto& line : graph->lines) fmt::print("{}\n", printable(line, 1000));
  }
  return 0;
}

// --dry-run: all that a conversion does but for writing weights; code is generated, and compared if asked for.
int print_plan(Request& request, const Hooks& hooks, const Checkpoint& opened) {
  const Scratch scratch;
  const Generated generated = ask_graph(request, hooks, opened, scratch.path());
  const Checkpoint& checkpoint = generated.weights ? *generated.weights : opened;
  const auto plan = weights::plan(checkpoint, request.conversion);
  weights::require_sound(plan, opened.path);
  if (!request.report.empty()) hooks.report(request, opened, to_json(plan.report));
  if (request.json) {
    weights::put_json(plan.report, [](std::string_view piece) { fmt::print("{}", piece); }, generated.json);
  } else if (!request.quiet) {
    print_report(plan.report, opened);
    print_outputs(plan);
    print_coverage(plan.report.coverage);
    for (const auto& line : generated.lines) fmt::print("  {}\n", printable(line, 1000));
  }
  return 0;
}

int write_adapter(Request& request, const Hooks& hooks, const MlxLmAdapter& adapter) {
  if (hooks.writing) hooks.writing();
  constexpr const char *weights_name = "adapters.safetensors", *config_name = "adapter_config.json";
  weights::OutputFolder folder(request.output, request.conversion.force);
  try {
    for (const char* name : {"model.safetensors", "model.safetensors.index.json"})
      if (std::filesystem::exists(request.output / name))
        throw Error(ErrorKind::input, (request.output / name).string(), "a model is there",
                    "give the adapter a folder of its own");
    folder.expect({weights_name, config_name, "report.json"});
    Report report;
    {
      Progress bar(request.quiet);
      report =
          convert(adapter.weights, folder.staging() / weights_name, bar.watch(request.conversion, hooks.interrupted));
    }
    weights::write_file(folder.staging() / config_name, adapter.config, request.conversion.sync);
    write_report(folder.staging() / "report.json", report, {}, request.conversion.sync);
    stop_if_interrupted(hooks);
    folder.commit(request.conversion.sync);
    if (request.json) weights::put_json(report, [](std::string_view piece) { fmt::print("{}", piece); });
    if (!request.json && !request.quiet) {
      print_report(report, adapter.weights);
      fmt::print("{}: {}, for mlx_lm.load(BASE, adapter_path={})\n", (request.output / weights_name).string(),
                 human_size(report.bytes), request.output.string());
    }
    return 0;
  } catch (const Error& error) {
    throw folder.as_seen(error);
  }
}

// Alone it becomes one of mlx-lm.
int convert_adapter(Request& request, const Flags& flags, const Hooks& hooks, const Checkpoint& checkpoint) {
  MlxLmAdapter adapter = mlx_lm_adapter(read_adapter(checkpoint, request.selection.skip));
  adapter.weights.path = checkpoint.path;
  Options& options = request.conversion;
  if (options.quantize || options.dequantize || request.codegen || request.verify || request.mlxfn ||
      !request.optimizer.empty())
    throw Error(ErrorKind::unsupported, printable(checkpoint.path.filename().string()),
                "an adapter has no model to quantize, generate or verify",
                "torch2mlx BASE OUT --adapter ADAPTER merges it into the model that it was trained on");
  options.adapter = true;
  options.shard_bytes = 0;
  if (flags.analyze_only) return print_analysis(request, hooks, adapter.weights);
  if (flags.dry_run) return print_plan(request, hooks, adapter.weights);
  return write_adapter(request, hooks, adapter);
}

}  // namespace

int convert_command(Arguments args, const Hooks& hooks) {
  Request request;
  request.conversion.shard_bytes = std::uint64_t{5} << 30;  // as mlx_lm.convert
  Flags flags;
  parse_arguments(std::move(args), request, flags);
  require_graph(request, hooks);
  const Checkpoint checkpoint = open_input(request, hooks, !flags.analyze_only);
  if (is_adapter(checkpoint)) return convert_adapter(request, flags, hooks, checkpoint);
  if (flags.analyze_only) return print_analysis(request, hooks, checkpoint);
  if (flags.dry_run) return print_plan(request, hooks, checkpoint);
  return write_output(request, hooks, checkpoint);
}

}  // namespace torch2mlx::cli
