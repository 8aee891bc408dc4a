// torch2mlx restore MLX_INPUT OUTPUT
#include <fmt/format.h>

#include "base/error.h"
#include "cli/parse.h"
#include "cli/terminal.h"
#include "torch2mlx/restore.h"

namespace torch2mlx::cli {

int restore_command(Arguments args, const Hooks& hooks) {
  Request request;
  bool no_sync = false;
  std::string original;
  CLI::App app("Back from MLX to PyTorch: layouts, names and types.", "torch2mlx restore");
  app.add_option("MLX_INPUT", request.input, "File, *.index.json or folder that torch2mlx wrote")->required();
  app.add_option("OUTPUT", request.output, "File to write: .safetensors, or .pt for torch.load")->required();
  app.add_option("--like", original, "PyTorch original, for weights that MLX saved itself (model.save_weights)");
  app.add_option("--threads", request.conversion.threads, "Threads (default: one a core)")->check(CLI::Range(0, 1024));
  app.add_flag("--no-sync", no_sync, "Do not wait until the output is on disk");
  app.add_flag("--force", request.conversion.force, "Replace an existing file");
  app.add_flag("--quiet", request.quiet, "Print errors alone");
  app.add_flag("--json", request.json, "Print the report as JSON");
  add_dtype_option(app, request);
  parse(app, std::move(args));
  request.conversion.sync = !no_sync;
  const Checkpoint checkpoint = open_checkpoint(request.input, {}, true);
  if (!original.empty()) request.conversion.record = record(open_checkpoint(original), request.conversion);
  Report report;
  if (hooks.writing) hooks.writing();
  {
    Progress bar(request.quiet);
    report = restore(checkpoint, request.output, bar.watch(request.conversion, hooks.interrupted));
  }
  if (request.json) fmt::print("{}", to_json(report));
  if (request.json || request.quiet) return 0;
  for (const auto& note : report.notes) fmt::print("  {}\n", printable(note));
  fmt::print("{}: {} tensors, {}\n", request.output.string(), report.tensors.size(), human_size(report.bytes));
  return 0;
}

}  // namespace torch2mlx::cli
