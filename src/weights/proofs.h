// What names and shapes of a module's tensors prove where nothing else tells its class.
#pragma once

#include <functional>
#include <string_view>

#include "read/checkpoint.h"

namespace torch2mlx::weights {

// A tensor of the module by its name there; nullptr: there is none.
using Siblings = std::function<const Tensor*(std::string_view name)>;

// The class of torch.nn that alone has parameters of such names and shapes ("LSTM", "GRUCell", "MultiheadAttention")
// and `parameter` among them. Empty: none.
std::string_view class_of_names(std::string_view parameter, const Siblings& sibling);

// Whether a bias of this length fits the weight of a convolution, of a transposed one.
bool convolves(const Tensor& weight, const Tensor& bias);
bool transposes(const Tensor& weight, const Tensor& bias);

// Whether the weight cannot be nn.Linear's: its bias is as long as its rows, as transformers' Conv1D has them.
bool inputs_first(const Tensor& weight, const Tensor& bias);

}  // namespace torch2mlx::weights
