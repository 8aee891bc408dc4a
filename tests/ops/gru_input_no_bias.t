x: f32[2, 5, 4]
h: f32[1, 2, 3]
w: f32[9, 4] = parameter "w"
v: f32[9, 3] = parameter "v"
y0, y1 = aten.gru.input(x, h, [w, v], False, 1, 0.0, False, False, True) : f32[2, 5, 3], f32[1, 2, 3]
return y0, y1
---- mlx
a = select(h, axis=0, index=0)
b = gru(x, w, v, hidden=a, hidden_size=3)
c = select(b, axis=1, index=-1)
d = expand_dims(c, axis=0)
return b, d
---- python
gru = nn.GRU(1, 3, bias=False).update(dict(Wx=self.w, Wh=self.v))(x, h[0])
return gru, mx.expand_dims(gru[:, -1], axis=0)
