#include "weights/report_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace torch2mlx {
namespace weights {
namespace {

constexpr auto replace = nlohmann::json::error_handler_t::replace;

}  // namespace

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

nlohmann::json summary_json(const Report& report) {
  nlohmann::json dropped = nlohmann::json::array();
  for (const auto& [name, reason] : report.dropped) dropped.push_back({{"name", printable(name)}, {"reason", reason}});
  const layers::Coverage& coverage = report.coverage;
  return {{"bytes", report.bytes},
          {"files", report.files},
          {"coverage", coverage.fraction(coverage.mapped)},
          {"registry_coverage", coverage.fraction(coverage.registered)},
          {"total_layers", coverage.total},
          {"mapped_layers", coverage.mapped},
          {"unmapped_layers", coverage.unmapped},
          {"layers", coverage.layers},
          {"tensors", nullptr},
          {"dropped", dropped},
          {"notes", report.notes},
          {"problems", report.problems}};
}

void put_with_tensors(std::string document, std::size_t count, const std::function<std::string(std::size_t)>& entry,
                      const std::function<void(std::string_view)>& put) {
  // Quotes within texts have a backslash before them: nothing else reads like this.
  constexpr std::string_view place = "\"tensors\": null";
  constexpr std::size_t piece = 64 << 10;
  const auto at = document.rfind(place);
  const std::string rest = document.substr(at + place.size());
  document.replace(at, document.npos, "\"tensors\": [");
  for (std::size_t i = 0; i < count; ++i) {
    document += i == 0 ? "\n    " : ",\n    ";
    document += entry(i);
    if (document.size() < piece) continue;
    put(document);
    document.clear();
  }
  put(document + (count == 0 ? "]" : "\n  ]") + rest + "\n");
}

void put_json(const Report& report, const std::function<void(std::string_view)>& put, std::string_view beside) {
  std::string document = summary_json(report).dump(2, ' ', false, replace);
  if (!beside.empty()) document.insert(document.find('\n'), fmt::format("\n  {},", beside));
  put_with_tensors(
      std::move(document), report.tensors.size(),
      [&](std::size_t i) { return tensor_json(report.tensors[i]).dump(-1, ' ', false, replace); }, put);
}

}  // namespace weights

std::string to_json(const Report& report) {
  std::string text;
  weights::put_json(report, [&](std::string_view piece) { text += piece; });
  return text;
}

}  // namespace torch2mlx
