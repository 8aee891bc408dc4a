x: f32[2, 4]
h: f32[2, 3]
w: f32[12, 4] = parameter "w"
v: f32[12, 3] = parameter "v"
b: f32[12] = parameter "b"
c: f32[12] = parameter "c"
y0, y1 = aten.lstm_cell.default(x, [h, h], w, v, b, c) : f32[2, 3], f32[2, 3]
return y0, y1
---- mlx
a = expand_dims(x, axis=1)
d = add(b, c)
e, f = lstm(a, w, v, bias=d, hidden=h, cell=h)
g = squeeze(e, axis=1)
i = squeeze(f, axis=1)
return g, i
---- python
x = mx.expand_dims(x, axis=1)
bias = self.b + self.c
lstm, lstm_2 = nn.LSTM(1, 1).update(dict(Wx=self.w, Wh=self.v, bias=bias))(x, h, h)
return lstm.squeeze(1), lstm_2.squeeze(1)
