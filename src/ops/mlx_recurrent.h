// Recurrent layers as mlx.nn has them: one layer, one direction, every step's state.
#pragma once

#include "ops/row.h"

namespace torch2mlx::ops {

// x: (N, L, D), hidden and cell: (N, H), zeros where absent -> (N, L, H), LSTM's cells beside it.
std::vector<mx::array> lstm(A x, A wx, A wh, OptA bias, OptA hidden, OptA cell);
mx::array gru(A x, A wx, A wh, OptA b, OptA bhn, OptA hidden);
mx::array rnn(A x, A wxh, A whh, OptA bias, OptA hidden, Int relu);

inline constexpr std::tuple recurrent_rows{
    op<[](A x, A wx, A wh, OptA bias, OptA hidden, OptA cell) { return lstm(x, wx, wh, bias, hidden, cell); }>(
        "lstm", "x Wx Wh bias hidden cell", Axes::fixed,
        "nn.LSTM(1, 1).update(dict(Wx={Wx}, Wh={Wh}, bias={bias}))({x}, {hidden|None}, {cell|None})\n"
        "nn.LSTM(1, 1, bias=False).update(dict(Wx={Wx}, Wh={Wh}))({x}, {hidden|None}, {cell|None})"),
    op<[](A x, A wx, A wh, OptA b, OptA bhn, OptA hidden, [[maybe_unused]] Int hidden_size) {
      return gru(x, wx, wh, b, bhn, hidden);
    }>("gru", "x Wx Wh b bhn hidden hidden_size", Axes::fixed,
       "nn.GRU(1, {hidden_size}).update(dict(Wx={Wx}, Wh={Wh}, b={b}, bhn={bhn}))({x}, {hidden|None})\n"
       "nn.GRU(1, {hidden_size}, bias=False).update(dict(Wx={Wx}, Wh={Wh}))({x}, {hidden|None})"),
    op<[](A x, A wxh, A whh, OptA bias, OptA hidden, Int relu) { return rnn(x, wxh, whh, bias, hidden, relu); }>(
        "rnn", "x Wxh Whh bias hidden relu", Axes::fixed,
        "nn.RNN(1, 1{relu=0}).update(dict(Wxh={Wxh}, Whh={Whh}, bias={bias}))({x}, {hidden|None})\n"
        "nn.RNN(1, 1, False{relu=0}).update(dict(Wxh={Wxh}, Whh={Whh}))({x}, {hidden|None})\n"
        "nn.RNN(1, 1, True, nn.relu{relu=1}).update(dict(Wxh={Wxh}, Whh={Whh}, bias={bias}))({x}, {hidden|None})\n"
        "nn.RNN(1, 1, False, nn.relu{relu=1}).update(dict(Wxh={Wxh}, Whh={Whh}))({x}, {hidden|None})"),
};

}  // namespace torch2mlx::ops
