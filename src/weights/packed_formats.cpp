#include "weights/packed_formats.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "base/error.h"
#include "weights/arrange.h"
#include "weights/elements.h"
#include "weights/float8.h"
#include "weights/record.h"

namespace torch2mlx::weights {
namespace {

constexpr std::array awq_order{0, 4, 1, 5, 2, 6, 3, 7};   // where in a word output 0, 1 ... 7 stands
constexpr std::int64_t longest_row = Scratch::bytes / 4;  // that words_of_columns keeps

Tensor turned(const Tensor& tensor) { return arranged(tensor, std::array{1, 0}); }

// Every column `times` times: [rows, n] -> [rows, n, times], stride 0.
Tensor repeated(const Tensor& tensor, std::int64_t times) {
  Tensor view = tensor;
  std::vector<std::int64_t> shape = tensor.shape, strides = tensor.strides;
  shape.push_back(times);
  strides.push_back(0);
  view.shape = shape;
  view.strides = strides;
  return view;
}

Tensor as_words(Tensor tensor) {
  tensor.dtype = Dtype::uint32;
  return tensor;
}

// The largest groups of MLX that `columns` in `groups` can be cut into; 0: none.
int group_size(std::int64_t columns, std::int64_t groups) {
  if (groups <= 0 || columns % groups != 0) return 0;
  for (const int size : {128, 64, 32})
    if (columns / groups % size == 0) return size;
  return 0;
}

bool is_matrix(const Tensor* tensor, Dtype dtype) {
  return tensor && tensor->shape.size() == 2 && tensor->dtype == dtype && tensor->elements() != 0 &&
         !tensor->storage->big_endian;
}

bool is_number(const Tensor& tensor) {
  return is_floating(tensor.dtype) && size_of(tensor.dtype) <= 4 && !is_float8(tensor.dtype);
}

bool is_scale(const Tensor* tensor) { return tensor && tensor->shape.size() == 2 && is_number(*tensor); }

enum class Order { in_turn, any };

// In turn: input i in group i / (inputs / groups). Nothing: no groups of so many inputs.
std::optional<Order> order_of(const Tensor& index, std::int64_t inputs, std::int64_t groups) {
  if (index.dtype != Dtype::int32 || index.shape != std::vector{inputs} || groups <= 0 || groups > longest_row / 2 ||
      inputs > longest_row)
    return std::nullopt;
  const Part part = part_of(index);
  std::vector<std::int32_t> values(static_cast<std::size_t>(inputs));
  Scratch scratch;
  Elements(part, Dtype::int32).read(0, inputs, reinterpret_cast<std::byte*>(values.data()), scratch);
  if (std::ranges::find(values, -1) != values.end()) return Order::in_turn;  // compressed-tensors: not in use
  bool in_turn = inputs % groups == 0;
  for (std::int64_t i = 0; i < inputs; ++i) {
    const std::int32_t group = values[static_cast<std::size_t>(i)];
    if (group < 0 || group >= groups) return std::nullopt;
    in_turn = in_turn && group == i / (inputs / groups);
  }
  return in_turn ? Order::in_turn : Order::any;
}

// What the formats beside MLX's have in common: codes with a scale and a zero point for each group of a row.
class Builder {
 public:
  Builder(const PackedSource& source, Packed& packed, std::string_view format, const std::string& path,
          std::initializer_list<std::string_view> ends)
      : packed_(packed), matrix_{path + ".weight", std::string(format), {}, {}, {}} {
    for (const std::string_view end : ends)
      if (std::string key = path + std::string(end); source.find(key)) matrix_.from.push_back(std::move(key));
  }

  void problem(std::string_view text) {
    packed_.problems.push_back(fmt::format("{}: {}, {}", printable(matrix_.from.front()), matrix_.format, text));
  }

  // `index`, where there is one: the group of each of `columns`. False: it does not fit.
  bool take_index(const Tensor* index, std::int64_t columns, std::int64_t groups) {
    if (!index) return true;
    const auto order = order_of(*index, columns, groups);
    if (!order) return problem("whose g_idx does not fit"), false;
    if (*order == Order::any) {
      matrix_.parts.group_of = part_of(*index);
      matrix_.only_plain = "its inputs are not grouped in turn (act-order), which MLX cannot hold";
    }
    return true;
  }

  // `words` in MLX's layout, `scales` [rows, groups]; `zeros` the same, where it is missing `zero` holds everywhere.
  void finish(Part words, int bits, std::int64_t columns, const Tensor& scales, const std::optional<Integers>& zeros,
              float zero = 0) {
    PackedParts& parts = matrix_.parts;
    const std::int64_t groups = scales.shape[1];
    const int size = parts.group_of && columns % 32 == 0 ? 32 : group_size(columns, groups);
    if (size == 0)
      return problem(fmt::format("rows of {} in {} groups, which are no multiples of 32", columns, groups));
    parts.quantization = {QuantizationMode::affine, bits, size};
    matrix_.shape = {scales.shape[0], columns};
    const std::int64_t times = parts.group_of ? 1 : columns / groups / size;
    const Tensor all = repeated(scales, times);
    parts.dtype = scales.dtype;
    parts.words = std::move(words);
    parts.scales = part_of(all);
    parts.zeros = zeros ? integers_of(*zeros, times) : constant(zero, all.shape);
    parts.biases = biases_of(*parts.zeros, parts.scales);
    packed_.matrices.push_back(std::move(matrix_));
  }

 private:
  Packed& packed_;
  PackedMatrix matrix_;
};

// A factor for the whole matrix as one for each row.
Tensor by_row(const Tensor& scales, std::int64_t rows) {
  if (scales.shape.size() == 2 && scales.shape[0] == rows) return scales;
  Tensor view = scales;
  const bool each = scales.elements() == rows && scales.shape.size() == 1;
  view.shape = {rows, 1};
  view.strides = {each ? scales.strides[0] : 0, 1};
  return view;
}

bool fits_rows(const Tensor& scales, std::int64_t rows) {
  return scales.elements() == 1 || (scales.shape.size() == 1 && scales.shape[0] == rows) ||
         (scales.shape.size() == 2 && scales.shape[0] == rows);
}

}  // namespace

std::string stem(const std::string& name, std::string_view end) {
  return name.ends_with(end) ? name.substr(0, name.size() - end.size()) : std::string();
}

Part part_of(const Tensor& tensor) { return {Combine::copy, {tensor}}; }

Dtype model_dtype(const PackedSource& source) {
  const auto told = dtype_from_torch(source.checkpoint.config.dtype);
  return told && is_floating(*told) ? *told : Dtype::bfloat16;
}

void drop_activations(const PackedSource& source, Packed& packed) {
  for (const Tensor& tensor : source.checkpoint.tensors)
    for (const std::string_view end :
         {".input_scale", ".input_zero_point", ".input_global_scale", ".output_scale", ".output_zero_point",
          ".activation_scale", ".input_scale_ub", ".k_scale", ".v_scale"})
      if (tensor.name.ends_with(end)) packed.dropped.emplace_back(tensor.name, "activations are not quantized in MLX");
}

void read_gptq(const PackedSource& source, Packed& packed) {
  const auto bits = static_cast<int>(source.number("bits", 4));
  const std::string format = source.text("checkpoint_format", "gptq");
  if (format != "gptq" && format != "gptq_v2") {
    packed.problems.push_back(
        fmt::format("quantization_config: checkpoint_format '{}' of GPTQ is not understood", printable(format)));
    return;
  }
  const int delta = format == "gptq" ? 1 : 0;
  for (const Tensor& words : source.checkpoint.tensors) {
    const std::string path = stem(words.name, ".qweight");
    if (path.empty()) continue;
    Builder builder(source, packed, "GPTQ", path, {".qweight", ".qzeros", ".scales", ".g_idx"});
    const Tensor *zeros = source.find(path + ".qzeros"), *scales = source.find(path + ".scales"),
                 *index = source.find(path + ".g_idx");
    if (bits != 2 && bits != 3 && bits != 4 && bits != 8)
      builder.problem(fmt::format("{} bits", bits));
    else if (!is_matrix(&words, Dtype::int32) || !is_matrix(zeros, Dtype::int32) || !is_scale(scales))
      builder.problem("without int32 qweight, int32 qzeros and scales");
    else if (words.shape[0] * 32 % bits != 0 || zeros->shape[1] * 32 != words.shape[1] * bits ||
             zeros->shape[0] != scales->shape[0] || scales->shape[1] != words.shape[1])
      builder.problem("whose shapes do not fit each other");
    else if (builder.take_index(index, words.shape[0] * 32 / bits, scales->shape[0]))
      builder.finish(part_of(as_words(turned(words))), bits, words.shape[0] * 32 / bits, turned(*scales),
                     Integers{turned(*zeros), bits, delta});
  }
}

void read_awq(const PackedSource& source, Packed& packed) {
  const std::string version = source.text("version", "gemm");
  const std::int64_t bits = source.number("bits", source.number("w_bit", 4));
  for (const Tensor& words : source.checkpoint.tensors) {
    const std::string path = stem(words.name, ".qweight");
    if (path.empty()) continue;
    Builder builder(source, packed, "AWQ", path, {".qweight", ".qzeros", ".scales"});
    const Tensor *zeros = source.find(path + ".qzeros"), *scales = source.find(path + ".scales");
    if ((version != "gemm" && version != "GEMM") || bits != 4)
      builder.problem(fmt::format("version '{}' of {} bits", printable(version), bits));
    else if (!is_matrix(&words, Dtype::int32) || (zeros && !is_matrix(zeros, Dtype::int32)) || !is_scale(scales))
      builder.problem("without int32 qweight, int32 qzeros and scales");
    else if ((zeros && (zeros->shape[1] != words.shape[1] || zeros->shape[0] != scales->shape[0])) ||
             scales->shape[1] != words.shape[1] * 8 || words.shape[0] % 8 != 0 || words.shape[0] > longest_row)
      builder.problem("whose shapes do not fit each other");
    else
      builder.finish(words_of_columns(words, awq_order), 4, words.shape[0], turned(*scales),
                     zeros ? std::optional(Integers{turned(*zeros), 4, 0, awq_order}) : std::nullopt, 8);
  }
}

namespace {

// Bits of the words of `weight_shape`; 0: they do not fit.
int packed_bits(const Tensor& words, const Tensor* shape) {
  const auto whole = shape && shape->elements() == 2 && shape->dtype == Dtype::int64 ? int64s_of(*shape)
                                                                                     : std::vector<std::int64_t>{0, 0};
  if (whole[0] != words.shape[0] || whole[1] <= 0 || words.shape[1] * 32 % whole[1] != 0) return 0;
  const std::int64_t bits = words.shape[1] * 32 / whole[1];
  const Quantization how{QuantizationMode::affine, static_cast<int>(std::min<std::int64_t>(bits, 32)), 32};
  return quantization_problem(how, 0).empty() ? how.bits : 0;
}

// The first member `name` of the weights of each group of layers, as `find` likes it.
const Json* weights_member(const Json& config, std::string_view name, const std::function<bool(const Json&)>& find) {
  const Json* groups = member(config, "config_groups");
  if (!groups || !groups->is_object()) return nullptr;
  for (const auto& [key, group] : groups->items()) {
    const Json* weights = member(group, "weights");
    const Json* value = weights ? member(*weights, name) : nullptr;
    if (value && find(*value)) return value;
  }
  return nullptr;
}

// Unless the config says other numbers of bits: early versions left some of each word unused.
bool states_bits(const Json& config, int bits) {
  return weights_member(config, "num_bits", [&](const Json& value) { return value == bits; }) ||
         !weights_member(config, "num_bits", [](const Json& value) { return value.is_number(); });
}

void read_compressed(const PackedSource& source, Packed& packed, const Tensor& words, const std::string& path) {
  Builder builder(source, packed, "compressed-tensors", path,
                  {words.name.ends_with(".weight") ? ".weight" : ".weight_packed", ".weight_scale",
                   ".weight_zero_point", ".weight_shape", ".weight_g_idx"});
  const Tensor *scales = source.find(path + ".weight_scale"), *zeros = source.find(path + ".weight_zero_point"),
               *index = source.find(path + ".weight_g_idx");
  const bool bytes = is_matrix(&words, Dtype::int8);
  if ((!bytes && !is_matrix(&words, Dtype::int32)) || !scales || !is_number(*scales))
    return builder.problem("without words and scales of the format");
  const int bits = bytes ? 8 : packed_bits(words, source.find(path + ".weight_shape"));
  if (bits == 0 || (!bytes && !states_bits(source.config, bits)))
    return builder.problem("whose weight_shape does not fit its words");
  const std::int64_t rows = words.shape[0], columns = bytes ? words.shape[1] : words.shape[1] * 32 / bits;
  if (!fits_rows(*scales, rows)) return builder.problem("whose scales do not fit");
  const Tensor own_scales = by_row(*scales, rows);
  if (!builder.take_index(index, columns, own_scales.shape[1])) return;
  const int middle = 1 << (bits - 1);  // signed values are stored above it
  std::optional<Integers> points;
  if (zeros) {
    const bool in_words = is_matrix(zeros, Dtype::int32);
    if (!in_words && zeros->dtype != Dtype::int8) return builder.problem("whose zero points are not int8");
    points = Integers{in_words ? *zeros : by_row(*zeros, rows), bits, in_words ? 0 : middle};
    const bool fits = in_words ? zeros->shape[0] == (rows * bits + 31) / 32 : fits_rows(*zeros, rows);
    if (!fits || points->words.shape[1] != own_scales.shape[1]) return builder.problem("whose zero points do not fit");
  }
  builder.finish(bytes ? words_of_bytes(words, std::byte{0x80}) : part_of(as_words(words)), bits, columns, own_scales,
                 points, static_cast<float>(middle));
}

}  // namespace

namespace {

constexpr std::pair<std::string_view, QuantizationMode> float_formats[] = {
    {"mxfp4-pack-quantized", QuantizationMode::mxfp4},
    {"mxfp8-quantized", QuantizationMode::mxfp8},
    {"nvfp4-pack-quantized", QuantizationMode::nvfp4},
};

// Rotations that the model applies to its activations while it runs: weights by themselves are not enough then.
bool rotates(const Json& config) {
  const Json* transforms = member(config, "transform_config");
  const Json* groups = transforms && transforms->is_object() ? member(*transforms, "config_groups") : nullptr;
  return groups && !groups->empty();
}

}  // namespace

void read_compressed_tensors(const PackedSource& source, Packed& packed) {
  constexpr std::array formats{"pack-quantized", "int-quantized", "float-quantized", "naive-quantized"};
  const Json* sparsity = member(source.config, "sparsity_config");
  const Json* sparse = sparsity ? member(*sparsity, "format") : nullptr;
  const std::string format = sparse && *sparse != "dense" ? sparse->dump() : source.text("format");
  const auto floats = std::ranges::find(float_formats, format, [](const auto& row) { return row.first; });
  if (rotates(source.config)) {
    packed.problems.push_back("quantization_config: transform_config of compressed-tensors is not understood");
    return;
  }
  if (floats != std::end(float_formats)) return read_compressed_floats(source, packed, floats->second);
  if (std::ranges::find(formats, format) == formats.end()) {
    packed.problems.push_back(
        fmt::format("quantization_config: format '{}' of compressed-tensors is not understood", printable(format)));
    return;
  }
  for (const Tensor& words : source.checkpoint.tensors) {
    if (const std::string path = stem(words.name, ".weight_packed"); !path.empty())
      read_compressed(source, packed, words, path);
    const std::string path = is_floating(words.dtype) ? std::string() : stem(words.name, ".weight");
    if (!path.empty() && source.find(path + ".weight_scale")) read_compressed(source, packed, words, path);
  }
  read_fp8(source, packed);
}

void read_fp8(const PackedSource& source, Packed& packed) {
  const Json* block = member(source.config, "weight_block_size");
  if (!block)
    block = weights_member(source.config, "block_structure", [](const Json& value) { return value.is_array(); });
  for (const Tensor& weight : source.checkpoint.tensors) {
    const std::string path = stem(weight.name, ".weight");
    if (path.empty() || !is_float8(weight.dtype)) continue;
    const Tensor* scales = source.find(path + ".weight_scale_inv");
    if (!scales) scales = source.find(path + ".weight_scale");
    const auto problem = [&](std::string_view text) {
      packed.problems.push_back(fmt::format("{}: {}", printable(weight.name), text));
    };
    if (!scales || weight.shape.size() != 2 || !is_floating(scales->dtype)) {
      problem("float8 without scales");
      continue;
    }
    const std::int64_t rows = weight.shape[0], columns = weight.shape[1];
    std::int64_t block_rows = 1, block_columns = std::max<std::int64_t>(1, columns);
    Tensor factors = *scales;
    if (block && block->is_array() && block->size() == 2 && block->at(0).is_number_integer() &&
        block->at(1).is_number_integer() && scales->shape.size() == 2) {
      block_rows = block->at(0).get<std::int64_t>();
      block_columns = block->at(1).get<std::int64_t>();
    } else if (fits_rows(*scales, rows)) {
      factors = by_row(*scales, rows);
    }
    const auto parts = [](std::int64_t all, std::int64_t each) { return (all + each - 1) / each; };
    if (block_rows <= 0 || block_columns <= 0 || factors.shape.size() != 2 ||
        factors.shape[0] != parts(rows, block_rows) || factors.shape[1] != parts(columns, block_columns) ||
        factors.shape[1] > longest_row) {
      problem("float8 whose scales do not fit its shape");
      continue;
    }
    packed.folds.push_back({weight.name,
                            "float8 times its scales",
                            {weight.name, scales->name},
                            weight.shape,
                            model_dtype(source),
                            scaled(part_of(weight), columns, factors, block_rows, block_columns),
                            {},
                            {}});
  }
  drop_activations(source, packed);
}

namespace {

// How `path` is quantized by MLX's config entry; nothing: it is not.
std::optional<Quantization> mlx_entry(const Json& entry, const Quantization& otherwise) {
  if (entry.is_boolean()) return entry.get<bool>() ? std::optional(otherwise) : std::nullopt;
  Quantization how = otherwise;
  const Json* mode = member(entry, "mode");
  if (mode && mode->is_string()) {
    const auto known = mode_from_name(mode->get<std::string>());
    if (!known)
      throw Error(ErrorKind::unsupported, "quantization",
                  fmt::format("mode '{}'", printable(mode->get<std::string>())));
    how = {*known, row(*known).bits, row(*known).group_size};
  }
  const auto take = [&](const char* name, int& value) {
    const Json* given = member(entry, name);
    if (given && given->is_number_integer()) value = given->get<int>();
  };
  take("bits", how.bits);
  take("group_size", how.group_size);
  return how;
}

// Of the record that a conversion left, by module path.
std::map<std::string, std::pair<Quantization, Dtype>> recorded(const Checkpoint& checkpoint) {
  std::map<std::string, std::pair<Quantization, Dtype>> by_path;
  const auto text = checkpoint.metadata.find("torch2mlx");
  if (text == checkpoint.metadata.end()) return by_path;
  const Record record = record_from_json(text->second, "__metadata__, torch2mlx");
  for (const auto& [name, source] : record.sources.sorted()) {
    if (!source->quantization) continue;
    const std::pair how{*source->quantization, source->quantized_from};
    if (source->shares.empty()) by_path.emplace(stem(name, ".weight"), how);
    for (const Share& share : source->shares) by_path.emplace(stem(share.name, ".weight"), how);
  }
  return by_path;
}

}  // namespace

void read_mlx(const PackedSource& source, Packed& packed) {
  const Json json = source.checkpoint.config.quantization.empty()
                        ? Json()
                        : parse_json(source.checkpoint.config.quantization, "quantization");
  const auto by_record = recorded(source.checkpoint);
  for (const Tensor& words : source.checkpoint.tensors) {
    const std::string path = stem(words.name, ".weight");
    const Tensor* scales = path.empty() ? nullptr : source.find(path + ".scales");
    if (!scales || words.dtype != Dtype::uint32) continue;
    const auto it = by_record.find(path);
    std::optional<Quantization> how;
    if (json.is_object()) {
      const Json* own = member(json, path);
      how = mlx_entry(json, {});
      if (own) how = mlx_entry(*own, *how);
    } else if (it != by_record.end()) {
      how = it->second.first;
    }
    const auto problem = [&](std::string_view text) {
      packed.problems.push_back(fmt::format("{}: {}", printable(words.name), text));
    };
    if (!how) {
      problem("quantized, and neither config.json nor the file says how");
      continue;
    }
    const Tensor* biases = row(how->mode).has_biases ? source.find(path + ".biases") : nullptr;
    if (const auto wrong = packed_problem(*how, words, *scales, biases); !wrong.empty()) {
      problem(wrong);
      continue;
    }
    const Dtype dtype = biases ? scales->dtype : it != by_record.end() ? it->second.second : model_dtype(source);
    PackedMatrix matrix{words.name,
                        "MLX",
                        {words.name, scales->name},
                        words.shape,
                        {*how, dtype, part_of(words), part_of(*scales), biases ? part_of(*biases) : Part{}}};
    matrix.shape.back() = words.shape.back() * 32 / how->bits;
    if (biases) matrix.from.push_back(biases->name);
    packed.matrices.push_back(std::move(matrix));
  }
}

}  // namespace torch2mlx::weights
