// Formats whose codes stand for floats. MLX has mxfp4, mxfp8 and nvfp4 bit for bit, but no factor of a whole matrix and
// no table of numbers: matrices that have one become plain.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "base/error.h"
#include "weights/packed_floats.h"
#include "weights/packed_formats.h"

namespace torch2mlx::weights {
namespace {

constexpr Codebook e2m1{0.0f,  0.5f,  1.0f,  1.5f,  2.0f,  3.0f,  4.0f,  6.0f,
                        -0.0f, -0.5f, -1.0f, -1.5f, -2.0f, -3.0f, -4.0f, -6.0f};

// bitsandbytes: get_4bit_type. Quantiles of the normal distribution; 1 sign, 2 exponent and 1 fraction bit of 12.
constexpr Codebook nf4{-1.0f,
                       -0.6961928009986877f,
                       -0.5250730514526367f,
                       -0.39491748809814453f,
                       -0.28444138169288635f,
                       -0.18477343022823334f,
                       -0.09105003625154495f,
                       0.0f,
                       0.07958029955625534f,
                       0.16093020141124725f,
                       0.24611230194568634f,
                       0.33791524171829224f,
                       0.44070982933044434f,
                       0.5626170039176941f,
                       0.7229568362236023f,
                       1.0f};
constexpr Codebook fp4{0.0f, 0.0625f / 12,  8.0f / 12,  1.0f,  4.0f / 12,  0.5f,  2.0f / 12,  0.25f,
                       0.0f, -0.0625f / 12, -8.0f / 12, -1.0f, -4.0f / 12, -0.5f, -2.0f / 12, -0.25f};

// Codes and scales as they lie in the file; `shape` of the plain matrix, its rows along the last axis.
struct FloatMatrix {
  std::string name, format;
  std::vector<std::string> from;
  std::vector<std::int64_t> shape;
  const Tensor* codes;
  const Tensor* scales;
};

void problem(Packed& packed, const FloatMatrix& matrix, std::string_view text) {
  packed.problems.push_back(fmt::format("{}: {}, {}", printable(matrix.from.front()), matrix.format, text));
}

bool fits(const FloatMatrix& matrix, const Quantization& how, std::initializer_list<Dtype> scale_types) {
  const auto& [name, format, from, shape, codes, scales] = matrix;
  if (!scales || std::ranges::find(scale_types, scales->dtype) == scale_types.end() || shape.size() < 2) return false;
  if (codes->dtype != (how.bits == 8 ? Dtype::float8_e4m3fn : Dtype::uint8)) return false;
  if (shape.back() == 0 || !quantization_problem(how, shape.back()).empty()) return false;
  auto groups = shape;
  groups.back() = groups_per_row(how, shape.back());
  return scales->shape == groups;
}

Quantization defaults(QuantizationMode mode) { return {mode, row(mode).bits, row(mode).group_size}; }

void keep(const PackedSource& source, Packed& packed, const FloatMatrix& matrix, const Quantization& how) {
  Tensor scales = *matrix.scales;
  scales.dtype = Dtype::uint8;
  packed.matrices.push_back(
      {matrix.name,
       matrix.format,
       matrix.from,
       matrix.shape,
       {how, model_dtype(source), words_of_bytes(*matrix.codes, std::byte{0}), part_of(scales), {}}});
}

void make_plain(Packed& packed, const FloatMatrix& matrix, std::string_view kind, Dtype dtype, Part part) {
  packed.folds.push_back({matrix.name,
                          fmt::format("{} times its scales", kind),
                          matrix.from,
                          matrix.shape,
                          dtype,
                          std::move(part),
                          {},
                          {}});
}

// The one number of a tensor; nothing: it is not float32, or not one.
std::optional<float> number_of(const Tensor* tensor) {
  if (!tensor || tensor->dtype != Dtype::float32 || tensor->elements() != 1) return std::nullopt;
  const PartReader reader(part_of(*tensor), Dtype::float32);
  Scratch scratch;
  float number = 0;
  reader.read(0, 1, &number, scratch);
  return number;
}

// Of codes without elements, whose other sizes nothing limits: no shape.
std::vector<std::int64_t> twice_the_columns(const Tensor& codes) {
  if (codes.elements() == 0 || codes.shape.empty()) return {};
  std::vector<std::int64_t> shape = codes.shape;
  shape.back() *= 2;
  return shape;
}

std::vector<std::string> present(const PackedSource& source, std::initializer_list<std::string> keys) {
  std::vector<std::string> found;
  std::ranges::copy_if(keys, std::back_inserter(found), [&](const std::string& key) { return source.find(key); });
  return found;
}

// e2m1 codes with float8 scales and a factor of the whole matrix.
void read_nvfp4(Packed& packed, const FloatMatrix& matrix, Part scales, const Codebook& numbers, Dtype dtype) {
  const auto count = matrix.codes->elements() * 2;
  make_plain(packed, matrix, "nvfp4", dtype,
             looked_up({*matrix.codes, false, numbers, 16}, std::move(scales), count, dtype));
}

}  // namespace

void read_compressed_floats(const PackedSource& source, Packed& packed, QuantizationMode mode) {
  const bool bytes = mode == QuantizationMode::mxfp8, global = mode == QuantizationMode::nvfp4;
  const Quantization how = defaults(mode);
  for (const Tensor& codes : source.checkpoint.tensors) {
    const std::string path = stem(codes.name, bytes ? ".weight" : ".weight_packed");
    if (path.empty() || (bytes && codes.dtype != Dtype::float8_e4m3fn)) continue;
    const std::string scale = path + ".weight_scale", factor_key = path + ".weight_global_scale";
    const FloatMatrix matrix{path + ".weight",
                             "compressed-tensors",
                             present(source, {codes.name, scale, factor_key}),
                             bytes ? std::vector<std::int64_t>(codes.shape) : twice_the_columns(codes),
                             &codes,
                             source.find(scale)};
    const Tensor* factor = source.find(factor_key);
    const auto value = number_of(factor);
    if (source.find(path + ".weight_zero_point") || source.find(path + ".weight_g_idx"))
      problem(packed, matrix, "floats with zero points or g_idx");
    else if (global ? !fits(matrix, how, {Dtype::float8_e4m3fn})
                    : !fits(matrix, how, {Dtype::uint8, Dtype::float8_e8m0fnu}))
      problem(packed, matrix, "whose codes and scales do not fit each other");
    else if (factor && (!global || !value || !std::isfinite(*value) || *value == 0 || factor->shape.size() != 1))
      problem(packed, matrix, "whose global scale is none of the format");
    else if (factor && *value != 1)
      read_nvfp4(packed, matrix, divided(*matrix.scales, *value), e2m1, model_dtype(source));
    else
      keep(source, packed, matrix, how);
  }
  drop_activations(source, packed);
}

void read_mxfp4(const PackedSource& source, Packed& packed) {
  const Quantization how = defaults(QuantizationMode::mxfp4);
  for (const Tensor& codes : source.checkpoint.tensors) {
    const std::string path = stem(codes.name, "_blocks");
    if (path.empty()) continue;
    FloatMatrix matrix{path + ".weight",
                       "MXFP4",
                       present(source, {codes.name, path + "_scales"}),
                       {},
                       &codes,
                       source.find(path + "_scales")};
    const auto& blocks = codes.shape;  // [experts, out, groups, 16]
    if (blocks.size() == 4 && blocks[3] == 16 && codes.elements() != 0)
      matrix.shape = {blocks[0], blocks[1], blocks[2] * 32};
    if (fits(matrix, how, {Dtype::uint8}))
      keep(source, packed, matrix, how);
    else
      problem(packed, matrix, "whose blocks and scales do not fit each other");
  }
}

void read_modelopt(const PackedSource& source, Packed& packed) {
  const Json* own = member(source.config, "quantization");  // of hf_quant_config.json
  const Json* algorithm = member(own && own->is_object() ? *own : source.config, "quant_algo");
  if (!algorithm || *algorithm != "NVFP4") {
    packed.problems.push_back(fmt::format("quantization_config: quant_algo {} of ModelOpt is not understood",
                                          printable(algorithm ? algorithm->dump() : "''")));
    return;
  }
  Codebook numbers = e2m1;
  numbers[8] = 0;  // ModelOpt has one zero
  for (const Tensor& codes : source.checkpoint.tensors) {
    const std::string path = stem(codes.name, ".weight");
    const std::string scale = path + ".weight_scale", factor_key = path + ".weight_scale_2";
    if (path.empty() || !source.find(scale)) continue;
    const FloatMatrix matrix{
        codes.name, "ModelOpt",        present(source, {codes.name, scale, factor_key}), twice_the_columns(codes),
        &codes,     source.find(scale)};
    const auto factor = number_of(source.find(factor_key));
    if (!factor || source.find(path + ".pre_quant_scale"))
      problem(packed, matrix, "without weight_scale_2, or with pre_quant_scale");
    else if (!fits(matrix, defaults(QuantizationMode::nvfp4), {Dtype::float8_e4m3fn}))
      problem(packed, matrix, "whose codes and scales do not fit each other");
    else
      read_nvfp4(packed, matrix, multiplied(*matrix.scales, *factor), numbers, model_dtype(source));
  }
  drop_activations(source, packed);
}

namespace {

// What bitsandbytes keeps as JSON in a tensor: {"quant_type": "nf4", "blocksize": 64, "dtype": "bfloat16", "shape":
// [...]}.
Json state_of(const Tensor& tensor) {
  if (tensor.dtype != Dtype::uint8 || tensor.elements() > 4096) return {};
  std::string text(static_cast<std::size_t>(tensor.elements()), ' ');
  const PartReader reader(part_of(tensor), Dtype::uint8);
  Scratch scratch;
  reader.read(0, tensor.elements(), text.data(), scratch);
  return parse_json(text, tensor.name);
}

std::int64_t whole(const Json& state, std::string_view name) {
  const Json* value = member(state, name);
  return value && value->is_number_integer() ? value->get<std::int64_t>() : 0;
}

std::string text(const Json& state, std::string_view name) {
  const Json* value = member(state, name);
  return value && value->is_string() ? value->get<std::string>() : std::string();
}

std::vector<std::int64_t> shape_of(const Json& state) {
  std::vector<std::int64_t> shape;
  const Json* value = member(state, "shape");
  if (!value || !value->is_array()) return {};
  for (const Json& size : *value) {
    if (!size.is_number_integer() || size.get<std::int64_t>() <= 0 || size.get<std::int64_t>() > (1 << 30)) return {};
    shape.push_back(size.get<std::int64_t>());
  }
  return shape;
}

// Powers of two, 4096 at most, as bitsandbytes takes them.
bool is_block(std::int64_t size) {
  return size >= 32 && size <= 4096 && std::has_single_bit(static_cast<std::uint64_t>(size));
}

std::int64_t blocks(std::int64_t count, std::int64_t block) { return (count + block - 1) / block; }

bool is_floats(const Tensor* tensor, std::int64_t count) {
  return tensor && tensor->dtype == Dtype::float32 && tensor->elements() == count;
}

// Whatever type it is stored as, the bytes.
std::optional<Tensor> bytes_of(const Tensor& tensor) {
  if (tensor.dtype == Dtype::uint8) return tensor;
  if (!tensor.contiguous() || tensor.storage->big_endian || tensor.storage->made) return std::nullopt;
  const auto width = static_cast<std::int64_t>(size_of(tensor.dtype));
  Tensor bytes = tensor;
  bytes.dtype = Dtype::uint8;
  bytes.shape = {tensor.elements() * width};
  bytes.strides = {1};
  bytes.offset *= width;
  return bytes;
}

// The factor of each block, which may be quantized itself; nothing: it does not fit.
std::optional<Part> absmax_of(const PackedSource& source, const std::string& key, const Json& state,
                              std::int64_t count) {
  const Tensor* absmax = source.find(key + ".absmax");
  if (is_floats(absmax, count)) return part_of(*absmax);
  const Tensor *factors = source.find(key + ".nested_absmax"), *numbers = source.find(key + ".nested_quant_map");
  const std::int64_t block = whole(state, "nested_blocksize");
  const Json* offset = member(state, "nested_offset");
  if (!absmax || absmax->dtype != Dtype::uint8 || absmax->elements() != count || !is_block(block) || !offset ||
      !offset->is_number() || text(state, "nested_dtype") != "float32" || !is_floats(numbers, 256) ||
      !is_floats(factors, blocks(count, block)))
    return std::nullopt;
  NestedFactors nested{*absmax, std::vector<float>(256), *factors, block, static_cast<float>(offset->get<double>())};
  const PartReader reader(part_of(*numbers), Dtype::float32);
  Scratch scratch;
  reader.read(0, 256, nested.numbers.data(), scratch);
  return factors_of(nested);
}

void read_4bit(const PackedSource& source, Packed& packed, const std::string& key, const Tensor& state_tensor) {
  FloatMatrix matrix{key,
                     "bitsandbytes",
                     present(source, {key, key + ".absmax", key + ".quant_map", key + ".nested_absmax",
                                      key + ".nested_quant_map", state_tensor.name}),
                     {},
                     source.find(key),
                     nullptr};
  const Json state = state_of(state_tensor);
  const std::string kind = text(state, "quant_type");
  const auto dtype = dtype_from_torch(text(state, "dtype"));
  const std::int64_t block = whole(state, "blocksize");
  matrix.shape = shape_of(state);
  const auto codes = matrix.codes ? bytes_of(*matrix.codes) : std::nullopt;
  if (!codes || (kind != "nf4" && kind != "fp4") || !dtype || !is_floating(*dtype) || matrix.shape.size() != 2 ||
      !is_block(block))
    return problem(packed, matrix, "whose quant_state is not understood");
  const std::int64_t count = matrix.shape[0] * matrix.shape[1];
  auto factors = absmax_of(source, key, state, blocks(count, block));
  if (codes->elements() != (count + 1) / 2 || !factors)
    return problem(packed, matrix, "whose codes and absmax do not fit its quant_state");
  make_plain(packed, matrix, kind, *dtype,
             looked_up({*codes, true, kind == "nf4" ? nf4 : fp4, block}, std::move(*factors), count, *dtype));
}

std::optional<int> byte_of(const Tensor& tensor) {
  if (tensor.dtype != Dtype::uint8 || tensor.elements() != 1) return std::nullopt;
  const PartReader reader(part_of(tensor), Dtype::uint8);
  Scratch scratch;
  std::uint8_t byte = 0;
  reader.read(0, 1, &byte, scratch);
  return byte;
}

void read_8bit(const PackedSource& source, Packed& packed, const std::string& path, const Tensor& factors) {
  const std::string key = path + ".weight", layout = path + ".weight_format";
  const Tensor *codes = source.find(key), *format = source.find(layout);
  const FloatMatrix matrix{key, "bitsandbytes", present(source, {key, factors.name, layout}), {}, codes, &factors};
  if (!codes || codes->dtype != Dtype::int8 || codes->shape.size() != 2 || codes->elements() == 0 ||
      !is_floats(&factors, codes->shape[0]) || factors.shape.size() != 1)
    return problem(packed, {key, "bitsandbytes", {factors.name}, {}, codes, &factors},
                   "without int8 rows that fit SCB");
  if (format && byte_of(*format) != 0) return problem(packed, matrix, "whose weight_format is not row by row");
  Tensor by_row = factors;
  by_row.shape = {codes->shape[0], 1};
  by_row.strides = {factors.strides[0], 1};
  FloatMatrix whole_matrix = matrix;
  whole_matrix.shape = codes->shape;
  // bitsandbytes: int8_vectorwise_dequant
  make_plain(packed, whole_matrix, "int8", model_dtype(source),
             scaled(integers_of({*codes, 8}), codes->shape[1], by_row, 1, codes->shape[1], 7.874015718698502e-3f));
}

}  // namespace

void read_bitsandbytes(const PackedSource& source, Packed& packed) {
  for (const Tensor& tensor : source.checkpoint.tensors) {
    if (const std::string path = stem(tensor.name, ".SCB"); !path.empty()) read_8bit(source, packed, path, tensor);
    for (const std::string_view end : {".quant_state.bitsandbytes__nf4", ".quant_state.bitsandbytes__fp4"})
      if (const std::string key = stem(tensor.name, end); !key.empty()) read_4bit(source, packed, key, tensor);
  }
}

}  // namespace torch2mlx::weights
