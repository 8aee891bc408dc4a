#include "read/consolidated.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <optional>

#include "base/by_name.h"
#include "read/bytes.h"
#include "read/check.h"
#include "read/json.h"
#include "read/made.h"
#include "read/tiles.h"

namespace torch2mlx {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view name_start = "consolidated.", name_end = ".pth";

// The NN of "consolidated.NN.pth".
std::optional<std::size_t> part_number(std::string_view name) {
  if (!name.starts_with(name_start) || !name.ends_with(name_end)) return std::nullopt;
  const std::string_view digits =
      name.substr(name_start.size(),
                  std::max(name.size(), name_start.size() + name_end.size()) - name_start.size() - name_end.size());
  if (digits.empty() || digits.size() > 4 || digits.find_first_not_of("0123456789") != digits.npos) return std::nullopt;
  std::size_t number = 0;
  for (const char digit : digits) number = 10 * number + static_cast<std::size_t>(digit - '0');
  return number;
}

std::map<std::size_t, std::string> parts_in(const fs::path& folder) {
  std::map<std::size_t, std::string> parts;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    const auto number = part_number(name);
    if (number && !parts.emplace(*number, name).second) refuse(printable(name), "another file has its number");
  }
  return parts;
}

// Which axis a rank has a share of.
enum class Split { none, rows, columns, embedding, unknown };

struct SplitRow {
  std::string_view module;
  Split weight, bias;
};

// fairscale's ColumnParallelLinear, RowParallelLinear and ParallelEmbedding in llama/model.py.
constexpr SplitRow splits[] = {
    {"tok_embeddings", Split::embedding, Split::unknown},
    {"output", Split::rows, Split::rows},
    {"wq", Split::rows, Split::rows},
    {"wk", Split::rows, Split::rows},
    {"wv", Split::rows, Split::rows},
    {"w1", Split::rows, Split::rows},
    {"w3", Split::rows, Split::rows},
    {"wo", Split::columns, Split::none},
    {"w2", Split::columns, Split::none},
};

struct KeyParts {
  std::string_view module, parameter;  // "wq", "weight" of "layers.0.attention.wq.weight"
};

KeyParts key_parts(std::string_view key) {
  const auto dot = key.rfind('.');
  if (dot == key.npos) return {{}, key};
  const std::string_view path = key.substr(0, dot);
  return {path.substr(path.rfind('.') + 1), key.substr(dot + 1)};
}

bool is_norm(std::string_view module) { return module.find("norm") != module.npos; }

Split split_of(std::string_view key) {
  const auto [module, parameter] = key_parts(key);
  if (is_norm(module) || key == "rope.freqs") return Split::none;
  const auto* row = std::ranges::find(splits, module, &SplitRow::module);
  if (row == std::end(splits)) return Split::unknown;
  return parameter == "weight" ? row->weight : parameter == "bias" ? row->bias : Split::unknown;
}

bool same_elements(const Tensor& a, const Tensor& b) {
  if (a.shape != b.shape || a.dtype != b.dtype) return false;
  constexpr std::int64_t step = 1 << 14;
  std::vector<std::byte> left(step * size_of(a.dtype)), right(left.size());
  for (std::int64_t first = 0, all = a.elements(); first < all; first += step) {
    const std::int64_t number = std::min(step, all - first);
    read_elements(a, first, number, left.data());
    read_elements(b, first, number, right.data());
    if (std::memcmp(left.data(), right.data(), static_cast<std::size_t>(number) * size_of(a.dtype)) != 0) return false;
  }
  return true;
}

// What params.json says, 0 where it does not.
struct Params {
  std::int64_t width = 0, heads = 0, head_width = 0, vocabulary = 0;
};

Params read_params(const fs::path& folder) {
  Params params;
  constexpr const char* name = "params.json";
  if (!fs::exists(folder / name)) return params;
  const auto file = MappedFile::open(member_file(folder, name));
  if (file->bytes().size() > 1'000'000) refuse(name, "is too large");
  const Json json = parse_python_json(as_text(file->bytes()), name);
  const auto number = [&](std::string_view key) -> std::int64_t {
    const Json* value = member(json, key);
    if (!value || !value->is_number_integer()) return 0;
    const auto found = value->get<std::int64_t>();
    return found > 0 && found < (std::int64_t{1} << 31) ? found : 0;
  };
  params = {number("dim"), number("n_heads"), number("head_dim"), number("vocab_size")};
  if (params.head_width == 0 && params.heads != 0) params.head_width = params.width / params.heads;
  return params;
}

// Length of the hidden states: what a norm has, else what a matrix takes or gives.
std::int64_t width_of(const std::vector<Tensor>& tensors, const Params& params) {
  for (const Tensor& tensor : tensors)
    if (tensor.shape.size() == 1 && is_norm(key_parts(tensor.name).module) &&
        key_parts(tensor.name).module.find("q_norm") == std::string_view::npos &&
        key_parts(tensor.name).module.find("k_norm") == std::string_view::npos)
      return tensor.shape[0];
  if (params.width != 0) return params.width;
  for (const Tensor& tensor : tensors) {
    if (tensor.shape.size() != 2) continue;
    if (split_of(tensor.name) == Split::rows) return tensor.shape[1];
    if (split_of(tensor.name) == Split::columns) return tensor.shape[0];
  }
  return 0;
}

// What proves that parts are missing; empty: nothing.
std::string lack_of(const std::vector<Tensor>& tensors, const Params& params) {
  const std::int64_t width = width_of(tensors, params);
  std::int64_t vocabulary = params.vocabulary;
  for (const Tensor& tensor : tensors)
    if (key_parts(tensor.name).module == "tok_embeddings" && tensor.shape.size() == 2 && vocabulary == 0)
      vocabulary = tensor.shape[0];
  const auto lacks = [](const Tensor& tensor, std::size_t axis, std::int64_t wanted) {
    return wanted == 0 || tensor.shape[axis] == wanted
               ? std::string()
               : fmt::format("'{}' has {} of {} {}", printable(tensor.name), tensor.shape[axis], wanted,
                             axis == 0 ? "rows" : "columns");
  };
  for (const Tensor& tensor : tensors) {
    const auto [module, parameter] = key_parts(tensor.name);
    if (tensor.shape.size() != 2 || parameter != "weight") continue;
    std::string lack;
    if (module == "tok_embeddings") {
      lack = lacks(tensor, 1, width);
      if (lack.empty()) lack = lacks(tensor, 0, vocabulary);
    } else if (module == "output") {
      lack = lacks(tensor, 0, vocabulary);
    } else if (module == "wo" || module == "wq") {
      const std::size_t axis = module == "wo" ? 1 : 0;
      const bool divides = width != 0 && tensor.shape[axis] != 0 && width % tensor.shape[axis] == 0;
      const std::int64_t told = params.heads * params.head_width;
      lack = lacks(tensor, axis, told != 0 ? told : divides ? width : 0);
    }
    if (!lack.empty()) return lack;
  }
  return {};
}

constexpr const char* all_parts = "put all parts, consolidated.00.pth and on, into one folder and give the folder";

class Join {
 public:
  Join(std::vector<Checkpoint> parts, const Params& params)
      : parts_(std::move(parts)), width_(width_of(parts_[0].tensors, params)) {
    for (const Checkpoint& part : parts_) by_name_.emplace_back(part.tensors);
  }

  std::vector<Tensor> run(std::vector<std::string>& problems) {
    std::vector<Tensor> out;
    for (std::size_t i = 0; i < parts_.size(); ++i)
      if (parts_[i].tensors.size() != parts_[0].tensors.size())
        problems.push_back(fmt::format("part {} has {} tensors, part 0 has {}", i, parts_[i].tensors.size(),
                                       parts_[0].tensors.size()));
    for (const Tensor& tensor : parts_[0].tensors)
      if (const auto pieces = pieces_of(tensor, problems); !pieces.empty()) join(pieces, out, problems);
    return out;
  }

 private:
  std::vector<Tensor> pieces_of(const Tensor& first, std::vector<std::string>& problems) const {
    std::vector<Tensor> pieces;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const Tensor* piece = by_name_[i].find(first.name);
      if (!piece) {
        problems.push_back(fmt::format("{}: part {} has none", printable(first.name), i));
        return {};
      }
      pieces.push_back(*piece);
    }
    return pieces;
  }

  // The axis to join along; -1: each part has all of it; nothing: it is not told.
  std::optional<int> axis_of(const std::vector<Tensor>& pieces) const {
    const Tensor& first = pieces.front();
    const auto equal = [&] {
      return std::ranges::all_of(pieces, [&](const Tensor& piece) { return same_elements(first, piece); });
    };
    const auto is = [&](std::size_t axis, std::int64_t size) {
      return first.shape.size() == 2 && first.shape[axis] == size;
    };
    std::int64_t columns = 0;
    for (const Tensor& piece : pieces) columns += piece.shape.size() == 2 ? piece.shape[1] : 0;
    switch (split_of(first.name)) {
      case Split::none:
        return equal() ? std::optional(-1) : std::nullopt;
      case Split::rows:
        return first.shape.size() == 1 || width_ == 0 || is(1, width_) ? std::optional(0) : std::nullopt;
      case Split::columns:
        return first.shape.size() == 2 && (width_ == 0 || is(0, width_)) ? std::optional(1) : std::nullopt;
      case Split::embedding:  // by columns in Llama 1 and 2, by rows in Llama 3
        if (width_ != 0 && is(1, width_)) return 0;
        return first.shape.size() == 2 && columns == width_ ? std::optional(1) : std::nullopt;
      case Split::unknown:
        break;
    }
    if (equal()) return -1;
    if (width_ != 0 && is(1, width_) != is(0, width_)) return is(1, width_) ? 0 : 1;
    return std::nullopt;
  }

  void join(const std::vector<Tensor>& pieces, std::vector<Tensor>& out, std::vector<std::string>& problems) const {
    const std::string name(pieces.front().name);
    const auto axis = axis_of(pieces);
    if (!axis) {
      problems.push_back(fmt::format("{} [{}]: not told which axis the parts split", printable(name),
                                     fmt::join(pieces.front().shape, ", ")));
      return;
    }
    if (*axis < 0) return out.push_back(pieces.front());
    try {
      out.push_back(concatenated(name, pieces, static_cast<std::size_t>(*axis), printable(name)));
    } catch (const Error& error) {
      problems.push_back(fmt::format("{}: {}", error.place(), error.message()));
    }
  }

  std::vector<Checkpoint> parts_;
  std::vector<ByName<const std::vector<Tensor>>> by_name_;
  std::int64_t width_;
};

}  // namespace

bool is_consolidated_folder(const fs::path& folder) { return !parts_in(folder).empty(); }

Checkpoint read_consolidated(const fs::path& folder, const OpenWeights& open) {
  const auto names = parts_in(folder);
  for (std::size_t i = 0; i < names.size(); ++i)
    if (!names.contains(i)) refuse(fmt::format("consolidated.{:02}.pth", i), "the file is missing", all_parts);
  std::vector<Checkpoint> parts;
  for (const auto& [number, name] : names) parts.push_back(open(member_file(folder, name)));
  const Params params = read_params(folder);
  Checkpoint checkpoint;
  checkpoint.format = "Meta's consolidated parts";
  checkpoint.notes = parts[0].notes;
  std::vector<std::string> problems;
  if (names.size() == 1) {
    checkpoint.tensors = std::move(parts[0].tensors);
  } else {
    checkpoint.notes.push_back(fmt::format("joined from {} parts", names.size()));
    checkpoint.tensors = Join(std::move(parts), params).run(problems);
  }
  if (!problems.empty())
    throw Error(ErrorKind::unsupported, "consolidated.*.pth",
                problems.size() == 1 ? problems[0] : fmt::format("{} tensors cannot be joined", problems.size()), {},
                problems.size() == 1 ? std::vector<std::string>{} : problems);
  if (const auto lack = lack_of(checkpoint.tensors, params); !lack.empty())
    refuse("consolidated.*.pth", fmt::format("parts are missing: {}", lack), all_parts);
  checkpoint.path = folder;
  return checkpoint;
}

void require_whole_consolidated(const fs::path& path, const Checkpoint& checkpoint) {
  const std::string name = path.filename().string();
  if (!part_number(name)) return;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const auto siblings = parts_in(folder);
  if (siblings.size() > 1)
    refuse(printable(name), fmt::format("one of {} parts of a model", siblings.size()), "give the folder");
  const auto lack = lack_of(checkpoint.tensors, read_params(folder));
  if (part_number(name) != 0u) refuse(printable(name), "one of several parts of a model", all_parts);
  if (!lack.empty()) refuse(printable(name), fmt::format("one of several parts of a model: {}", lack), all_parts);
}

}  // namespace torch2mlx
