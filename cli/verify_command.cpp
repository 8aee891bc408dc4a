// torch2mlx verify INPUT OUTPUT_DIR
#include <fmt/format.h>

#include "base/error.h"
#include "cli/parse.h"
#include "cli/terminal.h"

namespace torch2mlx::cli {

int verify_command(Arguments args, const Hooks& hooks) {
  Request request;
  CLI::App app("Runs the original and what was made of it on the same inputs, layer by layer.", "torch2mlx verify");
  app.add_option("INPUT", request.input, "What was converted: Hugging Face folder, .pt2, .pt, package.module:factory")
      ->required();
  app.add_option("OUTPUT_DIR", request.output, "Folder with model.py and model.safetensors")->required();
  app.add_flag("--json", request.json, "Print the comparison as JSON");
  app.add_flag("--quiet", request.quiet, "Print errors alone");
  add_graph_options(app, request);
  app.add_option("--key", request.key, "Entry of a nested checkpoint");
  parse(app, std::move(args));
  if (!hooks.verify)
    throw Error(ErrorKind::unsupported, "verify", "this program was started without the graph library",
                "python -m torch2mlx has it");
  const Outcome outcome = hooks.verify(request);
  if (request.json)
    fmt::print("{}\n", outcome.json);
  else if (!request.quiet || !outcome.passed)
    for (const auto& line : outcome.lines) fmt::print("{}\n", printable(line, 1000));
  return outcome.passed ? 0 : 1;
}

}  // namespace torch2mlx::cli
