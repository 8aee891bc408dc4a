"""LSTM, GRU, RNN and their cells."""

from op_case import bf16, call, f16, f32, refused, row, t

SUMS = {f32: 2e-5, f16: 8e-3, bf16: 6e-2}
U = {"low": -0.7, "high": 0.7}


def u(*shape):
    return t(*shape, **U)


def params(gates, inputs, hidden, layers=1, ways=1, biases=True, proj=0):
    state = proj or hidden
    made = []
    for layer in range(layers):
        for _ in range(ways):
            made += [u(gates * hidden, inputs if layer == 0 else state * ways), u(gates * hidden, state)]
            made += [u(gates * hidden), u(gates * hidden)] if biases else []
            made += [u(proj, hidden)] if proj else []
    return made


def states(hidden, cells=1, batch=2):
    return u(cells, batch, hidden)


X = u(5, 2, 4)
PLAIN = (0.0, False)


def layers(gates, several):
    """The calls of a layer: of one and several layers, both ways, without biases, batch first; `several` states."""

    def hx(*shape):
        return [states(*shape), states(*shape)] if several else states(*shape)

    return (
        call(X, hx(3), params(gates, 4, 3), True, 1, *PLAIN, False, False),
        call(u(2, 5, 4), hx(3), params(gates, 4, 3), True, 1, *PLAIN, False, True),
        call(X, hx(3, 2), params(gates, 4, 3, ways=2), True, 1, *PLAIN, True, False),
        call(u(2, 5, 4), hx(3, 4), params(gates, 4, 3, 2, 2), True, 2, 0.5, False, True, True),
        call(X, hx(3, 2), params(gates, 4, 3, 2, biases=False), False, 2, *PLAIN, False, False),
        call(u(1, 1, 4), hx(3, 1, 1), params(gates, 4, 3), True, 1, *PLAIN, False, False),
        refused("training", X, hx(3, 2), params(gates, 4, 3, 2), True, 2, 0.5, True, False, False),
    )


def cells(gates, several):
    hidden = [u(2, 3), u(2, 3)] if several else u(2, 3)
    w = u(gates * 3, 4), u(gates * 3, 3)
    return call(u(2, 4), hidden, *w, u(gates * 3), u(gates * 3)), call(u(2, 4), hidden, *w)


ROWS = (
    row("aten.lstm.input", (f32, f16, bf16), *layers(4, True),
        call(X, [u(1, 2, 2), u(1, 2, 3)], params(4, 4, 3, proj=2), True, 1, *PLAIN, False, False),
        call(X, [u(4, 2, 2), u(4, 2, 3)], params(4, 4, 3, 2, 2, False, 2), False, 2, *PLAIN, True, False), tolerance=SUMS),
    row("aten.gru.input", (f32, f16, bf16), *layers(3, False), tolerance=SUMS),
    row("aten.rnn_tanh.input", (f32, f16, bf16), *layers(1, False), tolerance=SUMS),
    row("aten.rnn_relu.input", (f32, f16, bf16), *layers(1, False), tolerance=SUMS),
    row("aten.lstm_cell.default", (f32, f16, bf16), *cells(4, True), tolerance=SUMS),
    row("aten.gru_cell.default", (f32, f16, bf16), *cells(3, False), tolerance=SUMS),
    row("aten.rnn_tanh_cell.default", (f32, f16, bf16), *cells(1, False), tolerance=SUMS),
    row("aten.rnn_relu_cell.default", (f32, f16, bf16), *cells(1, False), tolerance=SUMS),
)  # fmt: skip
