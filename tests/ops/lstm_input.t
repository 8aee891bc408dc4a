x: f32[2, 5, 4]
h: f32[1, 2, 3]
w: f32[12, 4] = parameter "w"
v: f32[12, 3] = parameter "v"
b: f32[12] = parameter "b"
c: f32[12] = parameter "c"
y0, y1, y2 = aten.lstm.input(x, [h, h], [w, v, b, c], True, 1, 0.0, False, False, True) : f32[2, 5, 3], f32[1, 2, 3], f32[1, 2, 3]
return y0, y1, y2
---- mlx
a = select(h, axis=0, index=0)
d = select(h, axis=0, index=0)
e = add(b, c)
f, g = lstm(x, w, v, bias=e, hidden=a, cell=d)
i = select(f, axis=1, index=-1)
j = select(g, axis=1, index=-1)
k = expand_dims(i, axis=0)
l = expand_dims(j, axis=0)
return f, k, l
---- python
bias = self.b + self.c
lstm, lstm_2 = nn.LSTM(1, 1).update(dict(Wx=self.w, Wh=self.v, bias=bias))(x, h[0], h[0])
lstm_3 = mx.expand_dims(lstm[:, -1], axis=0)
lstm_2 = mx.expand_dims(lstm_2[:, -1], axis=0)
return lstm, lstm_3, lstm_2
