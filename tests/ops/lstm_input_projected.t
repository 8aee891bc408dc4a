x: f32[2, 5, 4]
h: f32[1, 2, 2]
c: f32[1, 2, 3]
w: f32[12, 4] = parameter "w"
v: f32[12, 2] = parameter "v"
r: f32[2, 3] = parameter "r"
y0, y1, y2 = aten.lstm.input(x, [h, c], [w, v, r], False, 1, 0.0, False, False, True) : f32[2, 5, 2], f32[1, 2, 2], f32[1, 2, 3]
return y0, y1, y2
---- mlx
a = select(h, axis=0, index=0)
b = select(c, axis=0, index=0)
d = expand_dims(a, axis=1)
e = pad(d, widths=[[0, 0], [0, 4], [0, 0]], value=0)
f = concatenate([x, e], axis=2)
g = concatenate([w, v], axis=1)
i = matmul(v, r)
j, k = lstm(f, g, i, cell=b)
l = linear(j, r)
m = select(l, axis=1, index=-1)
n = select(k, axis=1, index=-1)
o = expand_dims(m, axis=0)
p = expand_dims(n, axis=0)
return l, o, p
---- python
h = mx.pad(mx.expand_dims(h[0], axis=1), ((0, 0), (0, 4), (0, 0)), constant_values=0)
concatenate = mx.concatenate([x, h], axis=2)
Wx = mx.concatenate([self.w, self.v], axis=1)
Wh = self.v @ self.r
lstm, lstm_2 = nn.LSTM(1, 1, bias=False).update(dict(Wx=Wx, Wh=Wh))(concatenate, None, c[0])
linear = lstm @ self.r.T
linear_2 = mx.expand_dims(linear[:, -1], axis=0)
lstm_2 = mx.expand_dims(lstm_2[:, -1], axis=0)
return linear, linear_2, lstm_2
