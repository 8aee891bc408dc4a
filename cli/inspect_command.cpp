// torch2mlx inspect INPUT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/by_name.h"
#include "base/error.h"
#include "cli/parse.h"
#include "cli/terminal.h"
#include "layers/layers.h"
#include "weights/report_json.h"

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
  if (tensor.permutation.empty() && tensor.from == tensor.to) return "";
  const auto axes = tensor.permutation.empty() ? "" : fmt::format(", axes ({})", fmt::join(tensor.permutation, ", "));
  return " -> " + describe(tensor.mlx_shape, tensor.to) + axes;
}

std::uint64_t bytes_of(const Tensor& tensor) {
  return static_cast<std::uint64_t>(tensor.elements()) * size_of(tensor.dtype);
}

struct Share {
  std::uint64_t tensors = 0, bytes = 0;
};

std::map<std::string_view, Share> by_dtype(const Checkpoint& checkpoint) {
  std::map<std::string_view, Share> shares;
  for (const Tensor& tensor : checkpoint.tensors) {
    Share& share = shares[row(tensor.dtype).torch];
    ++share.tensors;
    share.bytes += bytes_of(tensor);
  }
  return shares;
}

void print_text(const Checkpoint& checkpoint, const Report& report) {
  std::uint64_t bytes = 0;
  for (const Tensor& tensor : checkpoint.tensors) bytes += bytes_of(tensor);
  fmt::print("{}: {}, {} tensors, {}\n", printable(checkpoint.path.string()), checkpoint.format,
             checkpoint.tensors.size(), human_size(bytes));
  for (const auto& [dtype, share] : by_dtype(checkpoint))
    fmt::print("  {}: {} tensors, {}\n", dtype, share.tensors, human_size(share.bytes));
  for (const auto& [key, value] : checkpoint.metadata) fmt::print("  {}: {}\n", printable(key), printable(value));
  print_modules(checkpoint);
  const ByName planned(report.tensors);
  for (const Tensor& tensor : checkpoint.tensors) {
    const TensorReport* plan = planned.find(tensor.name);
    fmt::print("  {}  {}{}\n", printable(tensor.name), describe(tensor.shape, tensor.dtype),
               plan ? becomes(*plan) : "");
  }
  for (const auto& extra : checkpoint.extras) fmt::print("  beside it {}: {}\n", extra.path, extra.description);
  for (const auto& [name, reason] : report.dropped) fmt::print("  dropped {}: {}\n", printable(name), reason);
  for (const auto& note : report.notes) fmt::print("  {}\n", printable(note));
  for (const auto& problem : report.problems) fmt::print("  cannot convert {}\n", printable(problem));
}

nlohmann::ordered_json module_json(const Module& module) {
  nlohmann::ordered_json json{{"path", printable(module.path)}, {"class", printable(module.class_name)}};
  if (const auto* row = layers::find(module.class_name); row && !row->mlx.empty()) json["mlx"] = row->mlx;
  return json;
}

// The plan's report and, before it, what the file says; tensors in file order, planned or not.
void print_json(const Checkpoint& checkpoint, const Report& report) {
  nlohmann::ordered_json whole{{"path", printable(checkpoint.path.string())}, {"format", checkpoint.format}};
  for (const auto& [key, value] : checkpoint.metadata) whole["metadata"][printable(key)] = printable(value);
  for (const auto& [dtype, share] : by_dtype(checkpoint))
    whole["dtypes"][dtype] = {{"tensors", share.tensors}, {"bytes", share.bytes}};
  whole["modules"] = nlohmann::ordered_json::array();
  for (const Module& module : checkpoint.modules) whole["modules"].push_back(module_json(module));
  whole["tensors"] = nullptr;
  for (const Extra& extra : checkpoint.extras) whole["extras"][extra.path] = extra.description;
  const nlohmann::json summary = weights::summary_json(report);
  for (const auto& [key, value] : summary.items())
    if (!whole.contains(key)) whole[key] = value;

  constexpr auto replace = nlohmann::json::error_handler_t::replace;
  const ByName planned(report.tensors);
  const auto entry = [&](std::size_t i) {
    const Tensor& tensor = checkpoint.tensors[i];
    nlohmann::ordered_json json{{"name", printable(tensor.name)},
                                {"torch", {{"dtype", row(tensor.dtype).torch}, {"shape", tensor.shape}}},
                                {"bytes", bytes_of(tensor)}};
    if (const TensorReport* plan = planned.find(tensor.name)) json.update(weights::tensor_json(*plan));
    return json.dump(-1, ' ', false, replace);
  };
  weights::put_with_tensors(whole.dump(2, ' ', false, replace), checkpoint.tensors.size(), entry,
                            [](std::string_view piece) { fmt::print("{}", piece); });
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
  ask_layouts(request, hooks, checkpoint);
  Report report;
  try {
    report = analyze(checkpoint, request.conversion);
  } catch (const Error& error) {
    report.problems.emplace_back(error.what());  // inspecting goes on where converting would not
  }
  if (request.json)
    print_json(checkpoint, report);
  else
    print_text(checkpoint, report);
  return 0;
}

}  // namespace torch2mlx::cli
