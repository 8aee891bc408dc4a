#include "layers/families.h"

namespace torch2mlx::layers {
namespace {

// One mlx.nn layer a layer and direction of torch's. Gates lie in torch's order; torch's two biases are added up, but
// for GRU's new gate, whose hidden bias is multiplied by the reset gate first (r, z, n: the last of three).
constexpr Target input_weight[] = {{"Wx"}}, hidden_weight[] = {{"Wh"}}, projection[] = {{"Wr"}}, bias[] = {{"bias"}};
constexpr Target plain_input[] = {{"Wxh"}}, plain_hidden[] = {{"Whh"}};
constexpr Target gru_input_bias[] = {{"b", 0, 3, 3}}, gru_hidden_bias[] = {{"b", 0, 2, 3}, {"bhn", 2, 3, 3}};

constexpr Parameter rnn[] = {{"weight_ih_l#", {}, plain_input},
                             {"weight_hh_l#", {}, plain_hidden},
                             {"bias_ih_l#", {}, bias},
                             {"bias_hh_l#", {}, bias}};
// proj_size: mlx.nn.LSTM has no projection of the hidden state; Wr stands beside its parameters.
constexpr Parameter lstm[] = {{"weight_ih_l#", {}, input_weight},
                              {"weight_hh_l#", {}, hidden_weight},
                              {"bias_ih_l#", {}, bias},
                              {"bias_hh_l#", {}, bias},
                              {"weight_hr_l#", {}, projection}};
constexpr Parameter gru[] = {{"weight_ih_l#", {}, input_weight},
                             {"weight_hh_l#", {}, hidden_weight},
                             {"bias_ih_l#", {}, gru_input_bias},
                             {"bias_hh_l#", {}, gru_hidden_bias}};
constexpr Parameter rnn_cell[] = {
    {"weight_ih", {}, plain_input}, {"weight_hh", {}, plain_hidden}, {"bias_ih", {}, bias}, {"bias_hh", {}, bias}};
constexpr Parameter lstm_cell[] = {
    {"weight_ih", {}, input_weight}, {"weight_hh", {}, hidden_weight}, {"bias_ih", {}, bias}, {"bias_hh", {}, bias}};
constexpr Parameter gru_cell[] = {{"weight_ih", {}, input_weight},
                                  {"weight_hh", {}, hidden_weight},
                                  {"bias_ih", {}, gru_input_bias},
                                  {"bias_hh", {}, gru_hidden_bias}};

// A layer or direction among several is no module of torch's, so that only the operands tell.
constexpr std::string_view lstm_text = "{Wx.shape[1]}, {Wh.shape[1]}{?!bias|, bias=False}{?bias=False|, bias=False}";
constexpr std::string_view gru_text = "{Wx.shape[1]}, {Wh.shape[1]}{?!b|, bias=False}";
constexpr std::string_view rnn_text =
    "{Wxh.shape[1]}, {Whh.shape[1]}{?!bias|, bias=False}{?bias=False|, bias=False}{?relu=1|, nonlinearity=nn.relu}";

constexpr Row table[] = {
    {"torch.nn.modules.rnn.RNN", "nn.RNN", "rnn", rnn_text, rnn, {}},
    {"torch.nn.modules.rnn.LSTM", "nn.LSTM", "lstm", lstm_text, lstm, {}},
    {"torch.nn.modules.rnn.GRU", "nn.GRU", "gru", gru_text, gru, {}},
    {"torch.nn.modules.rnn.RNNCell", "nn.RNN", "rnn", rnn_text, rnn_cell, {}},
    {"torch.nn.modules.rnn.LSTMCell", "nn.LSTM", "lstm", lstm_text, lstm_cell, {}},
    {"torch.nn.modules.rnn.GRUCell", "nn.GRU", "gru", gru_text, gru_cell, {}},
};

}  // namespace

std::span<const Row> recurrent_rows() { return table; }

}  // namespace torch2mlx::layers
