x: f32[2, 5, 4]
h: f32[2, 2, 3]
w: f32[12, 4] = parameter "w"
v: f32[12, 3] = parameter "v"
w2: f32[12, 4] = parameter "w2"
v2: f32[12, 3] = parameter "v2"
y0, y1, y2 = aten.lstm.input(x, [h, h], [w, v, w2, v2], False, 1, 0.0, False, True, True) : f32[2, 5, 6], f32[2, 2, 3], f32[2, 2, 3]
return y0, y1, y2
---- mlx
a = select(h, axis=0, index=0)
b = select(h, axis=0, index=1)
c = select(h, axis=0, index=0)
d = select(h, axis=0, index=1)
e, f = lstm(x, w, v, hidden=a, cell=c)
g = select(e, axis=1, index=-1)
i = select(f, axis=1, index=-1)
j = flip(x, axis=[1])
k, l = lstm(j, w2, v2, hidden=b, cell=d)
m = select(k, axis=1, index=-1)
n = select(l, axis=1, index=-1)
o = flip(k, axis=[1])
p = concatenate([e, o], axis=2)
q = stack([g, m], axis=0)
r = stack([i, n], axis=0)
return p, q, r
---- python
hidden = h[1]
cell = h[1]
lstm, lstm_2 = nn.LSTM(1, 1, bias=False).update(dict(Wx=self.w, Wh=self.v))(x, h[0], h[0])
x = mx.flip(x, axis=1)
lstm_3, lstm_4 = nn.LSTM(1, 1, bias=False).update(dict(Wx=self.w2, Wh=self.v2))(
    x, hidden, cell
)
concatenate = mx.concatenate([lstm, mx.flip(lstm_3, axis=1)], axis=2)
stack = mx.stack([lstm[:, -1], lstm_3[:, -1]], axis=0)
stack_2 = mx.stack([lstm_2[:, -1], lstm_4[:, -1]], axis=0)
return concatenate, stack, stack_2
