#include "python/constants.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cctype>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

#include "python/format.h"
#include "python/names.h"
#include "python/source.h"

namespace torch2mlx::python {
namespace {

using graph::Input;

constexpr std::size_t most_in_a_display = 32;

const Tensor* data_of(const graph::Graph& graph, const std::string& target) {
  const auto it = graph.constants.find(target);
  return it == graph.constants.end() || !it->second.storage ? nullptr : &it->second;
}

// Bytes of the elements in row-major order.
std::vector<std::byte> packed(const Tensor& tensor) {
  const std::size_t size = size_of(tensor.dtype);
  std::vector<std::byte> out(static_cast<std::size_t>(tensor.elements()) * size);
  std::vector<std::int64_t> index(tensor.shape.size(), 0);
  for (std::size_t at = 0; at < out.size(); at += size) {
    std::int64_t from = tensor.offset;
    for (std::size_t i = 0; i < index.size(); ++i) from += index[i] * tensor.strides[i];
    const std::byte* source = tensor.storage->bytes.data() + static_cast<std::size_t>(from) * size;
    std::copy_n(source, size, out.data() + at);
    if (tensor.storage->big_endian) std::reverse(out.data() + at, out.data() + at + size);
    for (std::size_t i = index.size(); i-- > 0;) {
      if (++index[i] < tensor.shape[i]) break;
      index[i] = 0;
    }
  }
  return out;
}

template <class T>
T load(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

float half_to_float(std::uint16_t h) {
  const int exponent = (h >> 10) & 31;
  const float mantissa = static_cast<float>(h & 1023) / 1024.0F;
  const float sign = (h >> 15) ? -1.0F : 1.0F;
  if (exponent == 31) return sign * (mantissa == 0 ? INFINITY : NAN);
  return sign * (exponent == 0 ? std::ldexp(mantissa, -14) : std::ldexp(1 + mantissa, exponent - 15));
}

std::string float_text(float value) {
  if (!std::isfinite(value)) return number(static_cast<double>(value));
  std::string text = fmt::format("{}", value);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string complex_text(float real, float imaginary) {
  if (std::bit_cast<std::uint32_t>(real) == 0 && std::isfinite(imaginary)) return fmt::format("{}j", imaginary);
  return fmt::format("complex({}, {})", float_text(real), float_text(imaginary));
}

// One element as Python text, nothing for types that have none (float8).
std::optional<std::string> element(Dtype dtype, const std::byte* at) {
  switch (dtype) {
    case Dtype::boolean:
      return load<std::uint8_t>(at) ? "True" : "False";
    case Dtype::uint8:
      return std::to_string(load<std::uint8_t>(at));
    case Dtype::int8:
      return std::to_string(load<std::int8_t>(at));
    case Dtype::int16:
      return std::to_string(load<std::int16_t>(at));
    case Dtype::int32:
      return std::to_string(load<std::int32_t>(at));
    case Dtype::int64:
      return std::to_string(load<std::int64_t>(at));
    case Dtype::uint32:
      return std::to_string(load<std::uint32_t>(at));
    case Dtype::float32:
      return float_text(load<float>(at));
    case Dtype::float64:
      return number(load<double>(at));
    case Dtype::float16:
      return float_text(half_to_float(load<std::uint16_t>(at)));
    case Dtype::bfloat16:
      return float_text(std::bit_cast<float>(std::uint32_t{load<std::uint16_t>(at)} << 16));
    case Dtype::complex64:
      return complex_text(load<float>(at), load<float>(at + sizeof(float)));
    default:
      return std::nullopt;
  }
}

std::string nested(const std::vector<std::string>& items, const std::vector<std::int64_t>& shape, std::size_t axis,
                   std::size_t& at) {
  if (axis == shape.size()) return items[at++];
  std::string text = "[";
  for (std::int64_t i = 0; i < shape[axis]; ++i) text += (i ? ", " : "") + nested(items, shape, axis + 1, at);
  return text + "]";
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  return literal(graph::List(shape.begin(), shape.end())).text;
}

bool counts_up(const std::vector<std::string>& items) {
  for (std::size_t i = 0; i < items.size(); ++i)
    if (items[i] != std::to_string(i)) return false;
  return items.size() > 2;
}

bool is_zero(const std::string& item) { return item == "0" || item == "0.0" || item == "False"; }

// A causal mask: one value on one side of a diagonal of the last two axes, zero on the other.
std::optional<std::string> triangle(const Tensor& tensor, const std::vector<std::string>& items,
                                    const std::string& type) {
  const std::size_t rank = tensor.shape.size();
  if (rank < 2 || items.size() < 4 ||
      items.size() != static_cast<std::size_t>(tensor.shape[rank - 2] * tensor.shape[rank - 1]))
    return std::nullopt;
  const std::int64_t rows = tensor.shape[rank - 2], columns = tensor.shape[rank - 1];
  const auto value = std::ranges::find_if_not(items, is_zero);
  if (value == items.end()) return std::nullopt;
  const auto fits = [&](bool lower, std::int64_t diagonal) {
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = 0; j < columns; ++j) {
        const std::string& item = items[static_cast<std::size_t>(i * columns + j)];
        const bool inside = lower ? j <= i + diagonal : j >= i + diagonal;
        if (inside ? item != *value : !is_zero(item)) return false;
      }
    return true;
  };
  const std::string shape = shape_text(tensor.shape);
  const bool one = *value == "1" || *value == "1.0" || *value == "True";
  const std::string full = one ? fmt::format("mx.ones({}, dtype={})", shape, type)
                               : fmt::format("mx.full({}, {}, dtype={})", shape, *value, type);
  for (const int diagonal : {0, 1, -1})
    for (const bool lower : {true, false})
      if (fits(lower, diagonal))
        return fmt::format("mx.{}({}{})", lower ? "tril" : "triu", full,
                           diagonal ? fmt::format(", k={}", diagonal) : std::string());
  return std::nullopt;
}

// Many numbers fill their lines; a formatter would give each a line of its own.
std::string filled(const std::vector<std::string>& items) {
  std::string text = "[", line = "\n   ";
  for (const std::string& item : items) {
    if (line.size() + item.size() + 2 > line_width) text += std::exchange(line, "\n   ");
    line += " " + item + ",";
  }
  return text + line + "\n]";
}

std::string text_of(const Tensor& tensor, const std::vector<std::string>& items, Dtype dtype) {
  const DtypeKind kind = row(dtype).kind;
  const bool usual =
      dtype == Dtype::float32 || dtype == Dtype::boolean || dtype == Dtype::int32 || dtype == Dtype::complex64;
  const std::string type = "mx." + std::string(row(dtype).mlx);
  const std::string suffix = usual ? "" : ", dtype=" + type;
  if (kind == DtypeKind::integer && counts_up(items)) {
    const bool flat = tensor.shape.size() == 1;
    return fmt::format("mx.arange({}{})", items.size(), suffix) + (flat ? "" : ".reshape" + shape_text(tensor.shape));
  }
  const bool same = items.size() > 1 && std::ranges::all_of(items, [&](const auto& item) { return item == items[0]; });
  if (same) return fmt::format("mx.full({}, {}, dtype={})", shape_text(tensor.shape), items[0], type);
  if (auto mask = triangle(tensor, items, type)) return *std::move(mask);
  if (items.size() > most_in_a_display)
    return "mx.array(" + filled(items) + suffix + ")" +
           (tensor.shape.size() == 1 ? "" : ".reshape" + shape_text(tensor.shape));
  std::size_t at = 0;
  return "mx.array(" + nested(items, tensor.shape, 0, at) + suffix + ")";
}

}  // namespace

std::string constant_key(const graph::Graph& graph, const Input& input) {
  const Tensor* tensor = data_of(graph, input.target);
  if (!tensor) return input.target;
  std::optional<std::vector<std::byte>> bytes;
  for (const auto& [target, other] : graph.constants) {
    if (target == input.target) break;
    if (!other.storage || other.dtype != tensor->dtype || other.shape != tensor->shape) continue;
    if (!bytes) bytes = packed(*tensor);
    if (packed(other) == *bytes) return target;
  }
  return input.target;
}

std::string Constants::make(const Input& input) {
  const std::string key = constant_key(graph_, input);
  const Tensor* tensor = data_of(graph_, key);
  std::vector<std::string> items;
  if (tensor) {
    const std::vector<std::byte> bytes = packed(*tensor);
    for (std::size_t at = 0; at < bytes.size(); at += size_of(tensor->dtype)) {
      auto text = element(tensor->dtype, bytes.data() + at);
      if (!text) break;
      items.push_back(std::move(*text));
    }
  }
  if (tensor && static_cast<std::int64_t>(items.size()) == tensor->elements()) {
    const std::string text = text_of(*tensor, items, row(graph_.type(input.value).dtype).as_mlx);
    if (tensor->elements() <= largest_inline_constant || text.size() < 100) return text;
  }
  if (std::ranges::find(large_, key) == large_.end()) large_.push_back(key);
  return "_constants[" + string_literal(key) + "]";
}

Expr Constants::use(const Input& input) {
  const std::string key = constant_key(graph_, input);
  if (const auto it = names_.find(key); it != names_.end()) return {it->second};
  const std::string text = make(input);
  if (graph_.type(input.value).shape.empty() && text.starts_with("mx.array(")) return {text, bind::primary};
  std::string wanted = "_" + identifier(key);
  while (wanted.starts_with("__")) wanted.erase(0, 1);
  for (char& c : wanted) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const std::string name = pool_.take(wanted);
  names_[key] = name;
  definitions_.push_back(name + " = " + text);
  return {name};
}

}  // namespace torch2mlx::python
