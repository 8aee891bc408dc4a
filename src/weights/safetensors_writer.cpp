#include "weights/safetensors_writer.h"

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace torch2mlx::weights {
namespace {

using nlohmann::json;

constexpr std::size_t largest_header = 100'000'000;  // the format's own limit

json conversion(const Plan& plan) {
  json permute = json::object(), dtype = json::object(), dropped = json::array();
  for (const Planned& planned : plan.tensors) {
    const Tensor& source = *planned.source;
    if (!planned.permute.empty()) permute[source.name] = planned.permute;
    if (planned.dtype != source.dtype) dtype[source.name] = row(source.dtype).torch;
  }
  for (const auto& [name, reason] : plan.report.dropped) dropped.push_back(name);
  return {{"version", 1}, {"permute", permute}, {"dtype", dtype}, {"dropped", dropped}};
}

std::string dump(const json& value) {
  try {
    return value.dump();
  } catch (const json::type_error&) {
    throw Error(ErrorKind::input, "tensor names", "one is not UTF-8, which safetensors demands");
  }
}

}  // namespace

std::string safetensors_header(const Plan& plan) {
  json header = json::object();
  header["__metadata__"] = {{"format", "mlx"}, {"torch2mlx", dump(conversion(plan))}};
  for (const Planned& planned : plan.tensors)
    header[planned.source->name] = {{"dtype", row(planned.dtype).safetensors},
                                    {"shape", planned.shape},
                                    {"data_offsets", {planned.offset, planned.offset + planned.bytes}}};
  std::string text = dump(header);
  text.append((8 - text.size() % 8) % 8, ' ');
  if (text.size() > largest_header)
    throw Error(ErrorKind::input, "header", "would exceed 100 MB, the limit of safetensors");
  std::string length(8, '\0');
  for (int i = 0; i < 8; ++i) length[i] = static_cast<char>(text.size() >> (8 * i) & 0xff);
  return length + text;
}

}  // namespace torch2mlx::weights
