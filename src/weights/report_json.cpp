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
  nlohmann::json tensors = nlohmann::json::array(), dropped = nlohmann::json::array();
  for (const TensorReport& tensor : report.tensors) tensors.push_back(tensor_json(tensor));
  for (const auto& [name, reason] : report.dropped) dropped.push_back({{"name", printable(name)}, {"reason", reason}});
  const layers::Coverage& coverage = report.coverage;
  const nlohmann::json whole = {{"bytes", report.bytes},
                                {"files", report.files},
                                {"coverage", coverage.fraction(coverage.mapped)},
                                {"total_layers", coverage.total},
                                {"mapped_layers", coverage.mapped},
                                {"unmapped_layers", coverage.unmapped},
                                {"layers", coverage.layers},
                                {"tensors", tensors},
                                {"dropped", dropped},
                                {"notes", report.notes},
                                {"problems", report.problems}};
  return whole.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace torch2mlx
