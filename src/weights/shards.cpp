#include "weights/shards.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>
#include <span>

#include "base/error.h"

namespace torch2mlx::weights {
namespace {

using nlohmann::json;

constexpr std::size_t largest_header = 100'000'000;  // the format's own limit
constexpr std::uint64_t largest_file = std::numeric_limits<std::int64_t>::max();

// Number of files; sets the file of each tensor.
std::size_t split(Plan& plan, std::uint64_t shard_bytes) {
  std::uint32_t file = 0;
  std::uint64_t filled = 0;
  for (Planned& planned : plan.tensors) {
    const std::uint64_t bytes = planned.bytes();
    if (shard_bytes != 0 && filled != 0 && bytes > shard_bytes - std::min(filled, shard_bytes)) {
      ++file;
      filled = 0;
    }
    planned.file = file;
    filled += bytes;
  }
  return file + 1;
}

std::string shard_name(const std::string& file, std::size_t number, std::size_t count) {
  if (count == 1) return file;
  const auto dot = file.rfind('.');
  const std::string stem = file.substr(0, dot), end = dot == std::string::npos ? "" : file.substr(dot);
  return fmt::format("{}-{:05}-of-{:05}{}", stem, number + 1, count, end);
}

std::string json_text(std::string_view text) {
  try {
    return json(text).dump();
  } catch (const json::type_error&) {
    throw Error(ErrorKind::input, "tensor names", "one is not UTF-8, which safetensors demands");
  }
}

constexpr std::size_t length_size = 8;  // bytes of the header's length, which stands before it

using Metadata = std::map<std::string, std::string>;

// The record stands in the first file alone, under a key that sorts behind the others.
void put_metadata(const Plan& plan, std::uint32_t file, const Metadata& metadata, const Put& put) {
  std::string text = json(metadata).dump();
  if (file == 0 && plan.recorded && metadata.at("format") == "mlx") {
    text.pop_back();
    put(text + R"(,"torch2mlx":")");
    put_json(plan.record, [&](std::string_view piece) {
      const std::string escaped = json_text(piece);
      put(std::string_view(escaped).substr(1, escaped.size() - 2));
    });
    text = "\"}";
  }
  put(text);
}

// Indices in the order of the keys.
std::vector<std::uint32_t> by_key(std::span<const Planned> tensors) {
  std::vector<std::uint32_t> sorted(tensors.size());
  std::iota(sorted.begin(), sorted.end(), 0u);
  std::ranges::sort(sorted, [&](std::uint32_t a, std::uint32_t b) { return in_order(tensors[a], tensors[b]); });
  return sorted;
}

// The header of a file whose data begins at `data`, without the spaces behind it: JSON with sorted keys, in pieces.
void put_header(const Plan& plan, std::uint32_t file, const Metadata& metadata, std::uint64_t data, const Put& put) {
  const std::span<const Planned> tensors = std::ranges::equal_range(plan.tensors, file, {}, &Planned::file);
  put(R"({"__metadata__":)");
  put_metadata(plan, file, metadata, put);
  std::string text;
  for (const std::uint32_t i : by_key(tensors)) {
    const Planned& planned = tensors[i];
    const std::uint64_t at = planned.at - data;
    fmt::format_to(std::back_inserter(text), R"(,{}:{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})",
                   json_text(planned.key()), row(planned.dtype).safetensors, fmt::join(planned.shape, ","), at,
                   at + planned.bytes());
    if (text.size() < piece_size) continue;
    put(text);
    text.clear();
  }
  put(text + '}');
}

// Lays out the file's data behind its header, which is made once to be measured and once more to be written.
PlannedFile lay_out(Plan& plan, std::uint32_t file, std::string name, const Metadata& metadata) {
  std::size_t size = 0;
  put_header(plan, file, metadata, 0, [&](std::string_view piece) { size += piece.size(); });
  const std::size_t spaces = (8 - size % 8) % 8;
  if (size + spaces > largest_header)
    throw Error(ErrorKind::input, "header", "would exceed 100 MB, the limit of safetensors",
                "--shard-size spreads the tensors over more files");
  const std::uint64_t data = length_size + size + spaces;
  PlannedFile planned{.name = std::move(name), .size = data};
  for (Planned& tensor : std::ranges::equal_range(plan.tensors, file, {}, &Planned::file)) {
    tensor.at += data;
    planned.size += tensor.bytes();
  }
  planned.beginning = [file, data, spaces, metadata](const Plan& whole, const Put& put) {
    std::string length(length_size, '\0');
    for (std::size_t i = 0; i < length_size; ++i) length[i] = static_cast<char>((data - length_size) >> (8 * i) & 0xff);
    put(length);
    put_header(whole, file, metadata, data, put);
    put(std::string(spaces, ' '));
  };
  return planned;
}

// As mlx-lm counts them: those that words stand for, without scales.
std::uint64_t parameters_of(const Planned& planned, std::span<const QuantizedMatrix> quantized) {
  const std::string name = planned.key();
  const auto dot = name.rfind('.');
  const std::string_view path = std::string_view(name).substr(0, dot), end = std::string_view(name).substr(path.size());
  const auto matrix = std::ranges::lower_bound(quantized, path, {}, &QuantizedMatrix::path);
  const std::uint64_t elements = planned.bytes() / size_of(planned.dtype);
  if (dot == name.npos || matrix == quantized.end() || matrix->path() != path) return elements;
  if (end == ".weight") return elements * 32 / static_cast<std::uint64_t>(matrix->how.bits);
  return end == ".scales" || end == ".biases" ? 0 : elements;
}

}  // namespace

void check_sizes(const Plan& plan) {
  std::uint64_t total = 0;
  for (const Planned& planned : plan.tensors) {
    std::uint64_t bytes = size_of(planned.dtype);
    for (const std::int64_t size : planned.shape) {
      if (size != 0 && bytes > largest_file / static_cast<std::uint64_t>(size))
        throw Error(ErrorKind::input, printable(planned.key()), "the output would exceed 8 EiB");
      bytes *= static_cast<std::uint64_t>(size);
    }
    if (bytes > largest_file - total)
      throw Error(ErrorKind::input, printable(planned.key()), "the output would exceed 8 EiB");
    total += bytes;
  }
}

void assign_files(Plan& plan, const std::string& file, std::uint64_t shard_bytes, std::string_view format) {
  check_sizes(plan);
  const std::size_t count = split(plan, shard_bytes);
  // In the order of the files, so that neighbours are written in one go; in a file the largest elements first.
  // A stable sort would take memory.
  for (std::uint64_t i = 0; Planned & planned : plan.tensors) planned.at = i++;
  std::ranges::sort(plan.tensors, {}, [](const Planned& planned) {
    return std::tuple(planned.file, -static_cast<int>(size_of(planned.dtype)), planned.at);
  });
  for (Planned* before = nullptr; Planned & planned : plan.tensors) {
    planned.at = before && before->file == planned.file ? before->at + before->bytes() : 0;  // in the data, for now
    before = &planned;
  }
  auto metadata = std::exchange(plan.metadata, {});
  metadata.emplace("format", format);
  for (std::uint32_t i = 0; i < count; ++i) {
    plan.files.push_back(lay_out(plan, i, shard_name(file, i, count), metadata));
    metadata = {{"format", std::string(format)}};  // the rest stands in the first file alone
  }
}

void put_index(const Plan& plan, const Put& put) {
  std::uint64_t bytes = 0, parameters = 0;
  for (const Planned& planned : plan.tensors) {
    bytes += planned.bytes();
    parameters += parameters_of(planned, plan.report.quantized);
  }
  const json metadata = {{"metadata", {{"total_size", bytes}, {"total_parameters", parameters}}}};
  std::string text = metadata.dump(4);
  text.resize(text.size() - std::string_view("\n}").size());
  text += ",\n    \"weight_map\": {";
  for (bool first = true; const std::uint32_t i : by_key(plan.tensors)) {
    const Planned& planned = plan.tensors[i];
    text += fmt::format("{}\n        {}: {}", first ? "" : ",", json_text(planned.key()),
                        json_text(plan.files[planned.file].name));
    first = false;
    if (text.size() < piece_size) continue;
    put(text);
    text.clear();
  }
  put(text + "\n    }\n}\n");
}

}  // namespace torch2mlx::weights
