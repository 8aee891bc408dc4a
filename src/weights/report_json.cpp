#include "weights/report_json.h"

#include <nlohmann/json.hpp>

#include "base/error.h"

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

namespace weights {

void put_json(const Report& report, const std::function<void(std::string_view)>& put) {
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
  // A line a tensor; never the whole list as a document or a text, which are large.
  constexpr auto replace = nlohmann::json::error_handler_t::replace;
  constexpr std::string_view place = "\"tensors\": null";
  constexpr std::size_t piece = 64 << 10;
  std::string text = whole.dump(2, ' ', false, replace);
  const auto at = text.find(place);
  const std::string rest = text.substr(at + place.size());
  text.replace(at, text.npos, "\"tensors\": [");
  for (const TensorReport& tensor : report.tensors) {
    text += &tensor == &report.tensors.front() ? "\n    " : ",\n    ";
    text += tensor_json(tensor).dump(-1, ' ', false, replace);
    if (text.size() < piece) continue;
    put(text);
    text.clear();
  }
  put(text + (report.tensors.empty() ? "]" : "\n  ]") + rest + "\n");
}

}  // namespace weights

std::string to_json(const Report& report) {
  std::string text;
  weights::put_json(report, [&](std::string_view piece) { text += piece; });
  return text;
}

}  // namespace torch2mlx
