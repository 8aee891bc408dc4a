#include "weights/shards.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/error.h"

namespace torch2mlx::weights {
namespace {

using nlohmann::json;

constexpr std::size_t largest_header = 100'000'000;  // the format's own limit
constexpr std::uint64_t largest_file = std::numeric_limits<std::int64_t>::max();

// Number of files; sets the file of each tensor.
std::size_t split(Plan& plan, std::uint64_t shard_bytes) {
  std::size_t file = 0;
  std::uint64_t filled = 0;
  for (Planned& planned : plan.tensors) {
    if (shard_bytes != 0 && filled != 0 && planned.bytes > shard_bytes - std::min(filled, shard_bytes)) {
      ++file;
      filled = 0;
    }
    planned.file = file;
    filled += planned.bytes;
  }
  return file + 1;
}

std::string shard_name(const std::string& file, std::size_t number, std::size_t count) {
  if (count == 1) return file;
  const auto dot = file.rfind('.');
  const std::string stem = file.substr(0, dot), end = dot == std::string::npos ? "" : file.substr(dot);
  return fmt::format("{}-{:05}-of-{:05}{}", stem, number + 1, count, end);
}

std::string quoted(const std::string& text) {
  try {
    return json(text).dump();
  } catch (const json::type_error&) {
    throw Error(ErrorKind::input, "tensor names", "one is not UTF-8, which safetensors demands");
  }
}

// The file up to its data section: 8-byte length, JSON with sorted keys, spaces up to a multiple of 8 bytes.
std::string header_text(const std::vector<const Planned*>& tensors,
                        const std::map<std::string, std::string>& metadata) {
  std::vector<const Planned*> sorted = tensors;
  std::ranges::sort(sorted, {}, &Planned::name);
  constexpr std::size_t length = 8;
  std::string text(length, '\0');
  text += R"({"__metadata__":)" + json(metadata).dump();
  for (const Planned* planned : sorted)
    text += fmt::format(R"(,{}:{{"dtype":"{}","shape":{},"data_offsets":[{},{}]}})", quoted(planned->name),
                        row(planned->dtype).safetensors, json(planned->shape).dump(), planned->at,
                        planned->at + planned->bytes);
  text += '}';
  text.append((8 - text.size() % 8) % 8, ' ');
  const std::size_t size = text.size() - length;
  if (size > largest_header)
    throw Error(ErrorKind::input, "header", "would exceed 100 MB, the limit of safetensors",
                "--shard-size spreads the tensors over more files");
  for (std::size_t i = 0; i < length; ++i) text[i] = static_cast<char>(size >> (8 * i) & 0xff);
  return text;
}

// As mlx-lm counts them: those that words stand for, without scales.
std::uint64_t parameters_of(const Planned& planned, const std::map<std::string, Quantization>& quantized) {
  const auto dot = planned.name.rfind('.');
  const auto how = quantized.find(planned.name.substr(0, dot));
  const std::uint64_t elements = planned.bytes / size_of(planned.dtype);
  if (dot == std::string::npos || how == quantized.end()) return elements;
  const std::string_view end = std::string_view(planned.name).substr(dot);
  if (end == ".weight") return elements * 32 / static_cast<std::uint64_t>(how->second.bits);
  return end == ".scales" || end == ".biases" ? 0 : elements;
}

}  // namespace

void measure(Plan& plan) {
  std::uint64_t total = 0;
  for (Planned& planned : plan.tensors) {
    planned.bytes = size_of(planned.dtype);
    for (const std::int64_t size : planned.shape) {
      if (size != 0 && planned.bytes > largest_file / static_cast<std::uint64_t>(size))
        throw Error(ErrorKind::input, printable(planned.name), "the output would exceed 8 EiB");
      planned.bytes *= static_cast<std::uint64_t>(size);
    }
    if (planned.bytes > largest_file - total)
      throw Error(ErrorKind::input, printable(planned.name), "the output would exceed 8 EiB");
    total += planned.bytes;
  }
}

void assign_files(Plan& plan, const std::string& file, std::uint64_t shard_bytes, std::string_view format) {
  measure(plan);
  const std::size_t count = split(plan, shard_bytes);
  std::vector<std::vector<Planned*>> members(count);
  for (Planned& planned : plan.tensors) members[planned.file].push_back(&planned);
  auto metadata = std::exchange(plan.metadata, {});
  metadata.emplace("format", format);
  if (format == "mlx" && plan.recorded) metadata.emplace("torch2mlx", to_json(plan.record));
  for (std::size_t i = 0; i < count; ++i) {
    std::ranges::stable_sort(members[i], std::greater{}, [](const Planned* p) { return size_of(p->dtype); });
    std::uint64_t size = 0;
    for (Planned* planned : members[i]) {
      planned->at = size;  // in the data section, as the header counts
      size += planned->bytes;
    }
    std::string header = header_text({members[i].begin(), members[i].end()}, metadata);
    metadata = {{"format", std::string(format)}};  // the rest stands in the first file alone
    for (Planned* planned : members[i]) planned->at += header.size();
    const std::uint64_t total = header.size() + size;
    plan.files.push_back({shard_name(file, i, count), total, {{0, std::move(header)}}});
  }
  // In the order of the files, so that neighbours are written in one go.
  std::ranges::stable_sort(plan.tensors, {}, [](const Planned& p) { return std::pair(p.file, p.at); });
}

std::string index_json(const Plan& plan) {
  if (plan.files.size() < 2) return {};
  std::uint64_t bytes = 0, parameters = 0;
  json map = json::object();
  for (const Planned& planned : plan.tensors) {
    bytes += planned.bytes;
    parameters += parameters_of(planned, plan.report.quantized);
    map[planned.name] = plan.files[planned.file].name;
  }
  const json whole = {{"metadata", {{"total_size", bytes}, {"total_parameters", parameters}}}, {"weight_map", map}};
  return whole.dump(4) + "\n";
}

}  // namespace torch2mlx::weights
