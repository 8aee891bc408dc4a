#include <nlohmann/json.hpp>

#include "base/error.h"
#include "torch2mlx/convert.h"

namespace torch2mlx {
namespace {

nlohmann::json tensor_json(const TensorReport& tensor) {
  nlohmann::json entry = {{"name", printable(tensor.name)},
                          {"torch", {{"dtype", row(tensor.from).torch}, {"shape", tensor.torch_shape}}},
                          {"mlx", {{"dtype", row(tensor.to).mlx}, {"shape", tensor.mlx_shape}}},
                          {"evidence", to_string(tensor.evidence)}};
  if (!tensor.permutation.empty()) entry["permute"] = tensor.permutation;
  if (!tensor.layer.empty()) entry["layer"] = printable(tensor.layer);
  for (const auto& output : tensor.outputs) entry["outputs"].push_back(printable(output));
  if (!tensor.how.empty()) entry["how"] = printable(tensor.how);
  return entry;
}

}  // namespace

std::string to_json(const Report& report) {
  nlohmann::json dropped = nlohmann::json::array();
  for (const auto& [name, reason] : report.dropped) dropped.push_back({{"name", printable(name)}, {"reason", reason}});
  const layers::Coverage& coverage = report.coverage;
  const nlohmann::json whole = {{"bytes", report.bytes},
                                {"files", report.files},
                                {"coverage", coverage.fraction(coverage.mapped)},
                                {"total_layers", coverage.total},
                                {"mapped_layers", coverage.mapped},
                                {"unmapped_layers", coverage.unmapped},
                                {"layers", coverage.layers},
                                {"tensors", nullptr},
                                {"dropped", dropped},
                                {"notes", report.notes},
                                {"problems", report.problems}};
  // A line a tensor; never the whole list as a document, which is large.
  constexpr auto replace = nlohmann::json::error_handler_t::replace;
  constexpr std::string_view place = "\"tensors\": null";
  std::string text = whole.dump(2, ' ', false, replace), list = "\"tensors\": [";
  for (const TensorReport& tensor : report.tensors) {
    list += &tensor == &report.tensors.front() ? "\n    " : ",\n    ";
    list += tensor_json(tensor).dump(-1, ' ', false, replace);
  }
  list += report.tensors.empty() ? "]" : "\n  ]";
  return text.replace(text.find(place), place.size(), list) + "\n";
}

}  // namespace torch2mlx
