// Shared between the subcommands' parsers.
#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "cli/combinations.h"
#include "cli/commands.h"

namespace torch2mlx::cli {

// Throws CLI::ParseError, for options that would have no effect too; --help is printed before.
inline void parse(CLI::App& app, Arguments args) {
  std::ranges::reverse(args);  // CLI11 takes them from the back
  try {
    app.parse(std::move(args));
    require_effect(app);
  } catch (const CLI::CallForHelp&) {
    std::fputs(app.help().c_str(), stdout);
    throw;
  } catch (const CLI::CallForVersion& version) {
    std::printf("%s\n", version.what());
    throw;
  }
}

// --key and --layer-type, --dtype, --strict-dtypes: what decides how an input is read and laid out.
void add_reading_options(CLI::App& app, Request& request);

// "5GB", "800MiB", "4096": a number of bytes. Throws CLI::ValidationError.
std::uint64_t bytes_of(const std::string& text);

// -q, --q-bits ... -> request.quantize; `quantization` turns them into the converter's options. Throws
// CLI::ValidationError.
void add_quantize_options(CLI::App& app, Request& request);
std::optional<QuantizeOptions> quantization(const QuantizeRequest& request);

// --dtype alone.
void add_dtype_option(CLI::App& app, Request& request);

// --input, --inputs, --seed, --tol, --trust-code: how a live model is made and run.
void add_graph_options(CLI::App& app, Request& request);

// --mlxfn and what belongs to it; `check_mlxfn` throws CLI::ValidationError for what such a file cannot hold.
void add_mlxfn_options(CLI::App& app, Request& request);
void check_mlxfn(const Request& request);

// The input as a checkpoint, whoever can open it.
// `verify`: checksums are compared, which reads the whole file.
Checkpoint open_input(const Request& request, const Hooks& hooks, bool verify);

// A .pt2 file tells its weights' layouts by its graph alone: asks for them where somebody can read it. `traced`: the
// input has a graph by other means.
void ask_layouts(Request& request, const Hooks& hooks, const Checkpoint& checkpoint, bool traced = false);

}  // namespace torch2mlx::cli
