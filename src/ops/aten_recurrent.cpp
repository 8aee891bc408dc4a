// LSTM, GRU, RNN: one mlx.nn layer a layer and direction of torch's, and their cells as layers over one step.
#include <fmt/format.h>

#include <algorithm>

#include "ops/aten_families.h"

namespace torch2mlx::ops {
namespace {

enum class Cell { lstm, gru, rnn_tanh, rnn_relu };

// What one layer and direction holds, in torch's names.
struct Weights {
  Value ih, hh;
  OptValue b_ih, b_hh, hr;
};

// Hidden states of all steps; LSTM's cells too.
struct Run {
  Value hidden;
  OptValue cell;
};

bool is_zero(Mlx& mx, Value x) {
  for (const Node& node : mx.graph().nodes)
    if (node.result() == x.ref) {
      const graph::Arg* value = node.op == "full" ? node.find("value") : nullptr;
      return value && (*value == graph::Arg(0) || *value == graph::Arg(0.0));
    }
  return false;
}

Value rows(Mlx& mx, Value x, Size from, Size to) { return mx("slice", x, 0, from, to, std::nullopt); }

Run run_lstm(Mlx& mx, Value x, const Weights& w, OptValue hidden, OptValue cell) {
  OptValue bias = w.b_ih ? OptValue(mx("add", *w.b_ih, *w.b_hh)) : std::nullopt;
  if (!w.hr) {
    const auto states = mx.several("lstm", x, w.ih, w.hh, bias, hidden, cell);
    return {states.at(0), states.at(1)};
  }
  // proj_size: the state before its projection runs through, so that both matrices become one; a first state, which is
  // projected already, comes in with the first step's input.
  Value input = x, from_input = w.ih;
  if (hidden) {
    const graph::List widths{graph::List{0, 0}, graph::List{0, to_arg(mx.sub(mx.dim(x, 1), 1))}, graph::List{0, 0}};
    const Value first = mx("pad", mx("expand_dims", *hidden, 1), widths, 0);
    input = mx("concatenate", std::vector<Value>{x, first}, 2);
    from_input = mx("concatenate", std::vector<Value>{w.ih, w.hh}, 1);
  }
  const auto states = mx.several("lstm", input, from_input, mx("matmul", w.hh, *w.hr), bias, std::nullopt, cell);
  return {mx("linear", states.at(0), *w.hr), states.at(1)};
}

// torch adds up both biases but for the new gate's, whose hidden one is multiplied by the reset gate first.
Run run_gru(Mlx& mx, Value x, const Weights& w, OptValue hidden) {
  const Size size = mx.dim(w.hh, 1), gates = mx.mul(size, 2), all = mx.mul(size, 3);
  OptValue b, bhn;
  if (w.b_ih) {
    const Value both = mx("add", rows(mx, *w.b_ih, 0, gates), rows(mx, *w.b_hh, 0, gates));
    b = mx("concatenate", std::vector<Value>{both, rows(mx, *w.b_ih, gates, all)}, 0);
    bhn = rows(mx, *w.b_hh, gates, all);
  }
  return {mx("gru", x, w.ih, w.hh, b, bhn, hidden, size), std::nullopt};
}

Run run_rnn(Mlx& mx, Value x, const Weights& w, OptValue hidden, bool relu) {
  OptValue bias = w.b_ih ? OptValue(mx("add", *w.b_ih, *w.b_hh)) : std::nullopt;
  return {mx("rnn", x, w.ih, w.hh, bias, hidden, relu ? 1 : 0), std::nullopt};
}

Run run(Mlx& mx, Cell kind, Value x, const Weights& w, OptValue hidden, OptValue cell) {
  if (kind == Cell::lstm) return run_lstm(mx, x, w, hidden, cell);
  if (kind == Cell::gru) return run_gru(mx, x, w, hidden);
  return run_rnn(mx, x, w, hidden, kind == Cell::rnn_relu);
}

Value reversed(Mlx& mx, Value x) { return mx("flip", x, std::vector<int>{1}); }

// Options of nn.LSTM, nn.GRU and nn.RNN.
struct Options {
  bool biases;
  std::int64_t layers;
  double dropout;
  bool train, bidirectional, batch_first;

  std::int64_t ways() const { return bidirectional ? 2 : 1; }
};

// (layers * ways, N, H) -> each layer's and direction's; nothing where all are zeros, as MLX has it.
std::vector<OptValue> states_of(Mlx& mx, OptValue packed, const Options& options) {
  std::vector<OptValue> states(static_cast<std::size_t>(options.layers * options.ways()));
  if (!packed || is_zero(mx, *packed)) return states;
  for (std::size_t i = 0; i < states.size(); ++i) states[i] = mx("select", *packed, 0, static_cast<std::int64_t>(i));
  return states;
}

std::vector<Weights> weights_of(Mlx& mx, const std::vector<Value>& params, const Options& options) {
  const auto cells = static_cast<std::size_t>(options.layers * options.ways());
  const std::size_t each = params.size() / cells, plain = options.biases ? 4 : 2;
  if (each * cells != params.size() || (each != plain && each != plain + 1))
    mx.refuse(fmt::format("has {} parameters for {} layers and directions", params.size(), cells));
  std::vector<Weights> all;
  for (std::size_t i = 0; i < params.size(); i += each) {
    Weights w{params[i], params[i + 1], {}, {}, {}};
    if (options.biases) w.b_ih = params[i + 2], w.b_hh = params[i + 3];
    if (each > plain) w.hr = params[i + plain];
    all.push_back(w);
  }
  return all;
}

// output, and the last states of each layer and direction.
std::tuple<Value, Value, OptValue> run_layers(Mlx& mx, Cell kind, Value x, OptValue hidden, OptValue cell,
                                              const std::vector<Value>& params, const Options& options) {
  if (options.train && options.dropout != 0) mx.refuse("dropout between layers is training; call model.eval() first");
  if (mx.rank(x) != 3) mx.refuse("needs an input of 3 dimensions");
  const std::vector<int> swapped{1, 0, 2};
  const auto weights = weights_of(mx, params, options);
  const bool zeros = (!hidden || is_zero(mx, *hidden)) && (!cell || is_zero(mx, *cell));
  const auto first_hidden = states_of(mx, zeros ? OptValue() : hidden, options);
  const auto first_cell = states_of(mx, zeros ? OptValue() : cell, options);
  std::vector<Value> hidden_ends, cell_ends;
  if (!options.batch_first) x = mx("transpose", x, swapped);
  for (std::int64_t layer = 0; layer < options.layers; ++layer) {
    std::vector<Value> outputs;
    for (std::int64_t way = 0; way < options.ways(); ++way) {
      const auto i = static_cast<std::size_t>(layer * options.ways() + way);
      const Run states = run(mx, kind, way ? reversed(mx, x) : x, weights[i], first_hidden[i], first_cell[i]);
      hidden_ends.push_back(mx("select", states.hidden, 1, -1));
      if (states.cell) cell_ends.push_back(mx("select", *states.cell, 1, -1));
      outputs.push_back(way ? reversed(mx, states.hidden) : states.hidden);
    }
    x = outputs.size() == 1 ? outputs[0] : mx("concatenate", outputs, 2);
  }
  if (!options.batch_first) x = mx("transpose", x, swapped);
  const auto stacked = [&](const std::vector<Value>& ends) {
    return ends.size() == 1 ? mx("expand_dims", ends[0], 0) : mx("stack", ends, 0);
  };
  return {x, stacked(hidden_ends), cell_ends.empty() ? OptValue() : OptValue(stacked(cell_ends))};
}

std::tuple<Value, Value, Value> lstm(Mlx& mx, Value x, std::vector<Value> hx, std::vector<Value> params,
                                     bool has_biases, std::int64_t num_layers, double dropout, bool train,
                                     bool bidirectional, bool batch_first) {
  if (hx.size() != 2) mx.refuse("needs a hidden state and a cell state");
  const Options options{has_biases, num_layers, dropout, train, bidirectional, batch_first};
  const auto [y, h, c] = run_layers(mx, Cell::lstm, x, hx[0], hx[1], params, options);
  return {y, h, *c};
}

template <Cell kind>
std::pair<Value, Value> recurrent(Mlx& mx, Value x, Value hx, std::vector<Value> params, bool has_biases,
                                  std::int64_t num_layers, double dropout, bool train, bool bidirectional,
                                  bool batch_first) {
  const Options options{has_biases, num_layers, dropout, train, bidirectional, batch_first};
  const auto [y, h, c] = run_layers(mx, kind, x, hx, std::nullopt, params, options);
  return {y, h};
}

// One step: (N, D) -> (N, H).
Run step(Mlx& mx, Cell kind, Value x, const Weights& w, Value hidden, OptValue cell) {
  const bool zeros = is_zero(mx, hidden) && (!cell || is_zero(mx, *cell));
  const Run states = run(mx, kind, mx("expand_dims", x, 1), w, zeros ? OptValue() : hidden, zeros ? OptValue() : cell);
  const auto only = [&](Value y) { return mx("squeeze", y, 1); };
  return {only(states.hidden), states.cell ? OptValue(only(*states.cell)) : OptValue()};
}

std::pair<Value, Value> lstm_cell(Mlx& mx, Value x, std::vector<Value> hx, Value w_ih, Value w_hh, OptValue b_ih,
                                  OptValue b_hh) {
  if (hx.size() != 2) mx.refuse("needs a hidden state and a cell state");
  const Run states = step(mx, Cell::lstm, x, {w_ih, w_hh, b_ih, b_hh, {}}, hx[0], hx[1]);
  return {states.hidden, *states.cell};
}

template <Cell kind>
Value cell(Mlx& mx, Value x, Value hx, Value w_ih, Value w_hh, OptValue b_ih, OptValue b_hh) {
  return step(mx, kind, x, {w_ih, w_hh, b_ih, b_hh, {}}, hx, std::nullopt).hidden;
}

#define LAYERS                                                                                              \
  "(Tensor input, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, " \
  "bool bidirectional, bool batch_first) -> (Tensor, Tensor)"
#define CELL "(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> Tensor"

constexpr Lowering table[] = {
    lower<lstm,
          "lstm.input(Tensor input, Tensor[] hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool "
          "train, bool bidirectional, bool batch_first) -> (Tensor, Tensor, Tensor)">,
    lower<recurrent<Cell::gru>, "gru.input" LAYERS>,
    lower<recurrent<Cell::rnn_tanh>, "rnn_tanh.input" LAYERS>,
    lower<recurrent<Cell::rnn_relu>, "rnn_relu.input" LAYERS>,
    lower<lstm_cell,
          "lstm_cell(Tensor input, Tensor[] hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> "
          "(Tensor, Tensor)">,
    lower<cell<Cell::gru>, "gru_cell" CELL>,
    lower<cell<Cell::rnn_tanh>, "rnn_tanh_cell" CELL>,
    lower<cell<Cell::rnn_relu>, "rnn_relu_cell" CELL>,
};

}  // namespace

std::span<const Lowering> recurrent_lowerings() { return table; }

}  // namespace torch2mlx::ops
