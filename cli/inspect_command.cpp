// torch2mlx inspect INPUT
#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "cli/parse.h"
#include "cli/terminal.h"
#include "layers/layers.h"

namespace torch2mlx::cli {
namespace {

void print_modules(const Checkpoint& checkpoint) {
  for (const Module& module : checkpoint.modules) {
    const auto depth = module.path.empty() ? 0 : 1 + std::ranges::count(module.path, '.');
    const auto* row = layers::find(module.class_name);
    const auto becomes = row && !row->mlx.empty() ? fmt::format(" -> {}", row->mlx) : "";
    fmt::print("{:{}}{}: {}{}\n", "", 2 * depth + 2, module.path.empty() ? "(root)" : printable(module.path),
               printable(module.class_name), becomes);
  }
}

std::string becomes(const TensorReport& tensor) {
  if (tensor.torch_shape == tensor.mlx_shape && tensor.from == tensor.to) return "";
  return " -> " + describe(tensor.mlx_shape, tensor.to);
}

void print_text(const Checkpoint& checkpoint, const Report& report) {
  std::uint64_t bytes = 0;
  for (const Tensor& tensor : checkpoint.tensors) bytes += tensor.elements() * size_of(tensor.dtype);
  fmt::print("{}: {}, {} tensors, {}\n", printable(checkpoint.path.string()), checkpoint.format,
             checkpoint.tensors.size(), human_size(bytes));
  for (const auto& [key, value] : checkpoint.metadata) fmt::print("  {}: {}\n", printable(key), printable(value));
  print_modules(checkpoint);
  std::map<std::string_view, const TensorReport*> planned;
  for (const auto& tensor : report.tensors) planned.emplace(tensor.name, &tensor);
  for (const Tensor& tensor : checkpoint.tensors) {
    const auto it = planned.find(tensor.name);
    fmt::print("  {}  {}{}\n", printable(tensor.name), describe(tensor.shape, tensor.dtype),
               it == planned.end() ? "" : becomes(*it->second));
  }
  for (const auto& [name, reason] : report.dropped) fmt::print("  dropped {}: {}\n", printable(name), reason);
  for (const auto& note : report.notes) fmt::print("  {}\n", printable(note));
  for (const auto& problem : report.problems) fmt::print("  cannot convert {}\n", printable(problem));
}

}  // namespace

int inspect_command(Arguments args, const Hooks& hooks) {
  Request request;
  CLI::App app("What a file holds and what it would become.", "torch2mlx inspect");
  app.add_option("INPUT", request.input, "Any input of the main form")->required();
  app.add_flag("--json", request.json, "Print the report as JSON");
  add_reading_options(app, request);
  parse(app, std::move(args));
  const Checkpoint checkpoint = open_input(request, hooks, false);
  Report report;
  try {
    report = analyze(checkpoint, request.conversion);
  } catch (const Error& error) {
    report.problems.emplace_back(error.what());  // inspecting goes on where converting would not
  }
  if (request.json)
    fmt::print("{}", to_json(report));
  else
    print_text(checkpoint, report);
  return 0;
}

}  // namespace torch2mlx::cli
