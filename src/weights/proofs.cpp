#include "weights/proofs.h"

#include <fmt/format.h>

#include <algorithm>

namespace torch2mlx::weights {
namespace {

bool is_matrix(const Tensor* tensor) { return tensor && tensor->shape.size() == 2; }

// Gates lie behind each other along axis 0: their number tells the class.
std::string_view recurrent(std::string_view parameter, const Siblings& sibling) {
  constexpr std::string_view stems[] = {"weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"};
  const auto stem = std::ranges::find_if(stems, [&](std::string_view name) { return parameter.starts_with(name); });
  if (stem == std::end(stems)) return {};
  const std::string_view cell = parameter.substr(stem->size());  // "_l0_reverse", of cells empty
  const auto of_cell = [&](std::string_view name) { return sibling(fmt::format("{}{}", name, cell)); };
  const Tensor *input = of_cell("weight_ih"), *hidden = of_cell("weight_hh"), *projection = of_cell("weight_hr");
  if (!is_matrix(input) || !is_matrix(hidden) || input->shape[0] != hidden->shape[0]) return {};
  if (projection && (!is_matrix(projection) || projection->shape[0] != hidden->shape[1])) return {};
  const std::int64_t rows = hidden->shape[0], width = projection ? projection->shape[1] : hidden->shape[1];
  if (width == 0) return {};
  if (rows == 4 * width) return cell.empty() ? "LSTMCell" : "LSTM";
  if (projection) return {};
  if (rows == 3 * width) return cell.empty() ? "GRUCell" : "GRU";
  if (rows == width) return cell.empty() ? "RNNCell" : "RNN";
  return {};
}

std::string_view attention(std::string_view parameter, const Siblings& sibling) {
  constexpr std::string_view names[] = {"in_proj_weight", "in_proj_bias", "q_proj_weight", "k_proj_weight",
                                        "v_proj_weight",  "bias_k",       "bias_v"};
  if (std::ranges::find(names, parameter) == std::end(names)) return {};
  const Tensor* out = sibling("out_proj.weight");
  if (!is_matrix(out) || out->shape[0] != out->shape[1]) return {};
  const std::int64_t width = out->shape[0];
  const auto has = [&](std::string_view name, std::int64_t rows) {
    const Tensor* tensor = sibling(name);
    return is_matrix(tensor) && tensor->shape[0] == rows;
  };
  const bool packed = has("in_proj_weight", 3 * width) && sibling("in_proj_weight")->shape[1] == width;
  const bool separate = has("q_proj_weight", width) && has("k_proj_weight", width) && has("v_proj_weight", width);
  return packed || separate ? "MultiheadAttention" : "";
}

}  // namespace

std::string_view class_of_names(std::string_view parameter, const Siblings& sibling) {
  const auto found = recurrent(parameter, sibling);
  return found.empty() ? attention(parameter, sibling) : found;
}

bool convolves(const Tensor& weight, const Tensor& bias) { return bias.shape[0] == weight.shape[0]; }

bool transposes(const Tensor& weight, const Tensor& bias) {
  const std::int64_t inputs = weight.shape[0], each = weight.shape[1], outputs = bias.shape[0];
  return each > 0 && outputs > 0 && outputs % each == 0 && inputs % (outputs / each) == 0;
}

bool inputs_first(const Tensor& weight, const Tensor& bias) {
  return weight.shape.size() == 2 && is_floating(weight.dtype) && weight.shape[0] != weight.shape[1] &&
         weight.shape[1] == bias.shape[0];
}

}  // namespace torch2mlx::weights
