x: f32[2, 5, 4]
h: f32[1, 2, 3]
w: f32[9, 4] = parameter "w"
v: f32[9, 3] = parameter "v"
b: f32[9] = parameter "b"
c: f32[9] = parameter "c"
y0, y1 = aten.gru.input(x, h, [w, v, b, c], True, 1, 0.0, False, False, True) : f32[2, 5, 3], f32[1, 2, 3]
return y0, y1
---- mlx
a = select(h, axis=0, index=0)
d = slice(c, axis=0, start=0, stop=6)
e = slice(b, axis=0, start=0, stop=6)
f = add(e, d)
g = slice(b, axis=0, start=6, stop=9)
i = concatenate([f, g], axis=0)
j = slice(c, axis=0, start=6, stop=9)
k = gru(x, w, v, b=i, bhn=j, hidden=a, hidden_size=3)
l = select(k, axis=1, index=-1)
m = expand_dims(l, axis=0)
return k, m
---- python
concatenate = mx.concatenate([self.b[:6] + self.c[:6], self.b[6:9]], axis=0)
bhn = self.c[6:9]
gru = nn.GRU(1, 3).update(dict(Wx=self.w, Wh=self.v, b=concatenate, bhn=bhn))(x, h[0])
return gru, mx.expand_dims(gru[:, -1], axis=0)
