x: f32[5, 2, 4]
w: f32[12, 4] = parameter "w"
v: f32[12, 3] = parameter "v"
h = aten.zeros.default([1, 2, 3]) : f32[1, 2, 3]
y0, y1, y2 = aten.lstm.input(x, [h, h], [w, v], False, 1, 0.0, False, False, False) : f32[5, 2, 3], f32[1, 2, 3], f32[1, 2, 3]
return y0, y1, y2
---- mlx
a = full(shape=[1, 2, 3], value=0, dtype=f32)
b = transpose(x, axes=[1, 0, 2])
c, d = lstm(b, w, v)
e = select(c, axis=1, index=-1)
f = select(d, axis=1, index=-1)
g = transpose(c, axes=[1, 0, 2])
h = expand_dims(e, axis=0)
i = expand_dims(f, axis=0)
return g, h, i
---- python
x = x.transpose(1, 0, 2)
lstm, lstm_2 = nn.LSTM(1, 1, bias=False).update(dict(Wx=self.w, Wh=self.v))(x, None, None)
lstm_3 = lstm.transpose(1, 0, 2)
lstm = mx.expand_dims(lstm[:, -1], axis=0)
lstm_2 = mx.expand_dims(lstm_2[:, -1], axis=0)
return lstm_3, lstm, lstm_2
