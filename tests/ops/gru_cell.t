x: f32[2, 4]
h: f32[2, 3]
w: f32[9, 4] = parameter "w"
v: f32[9, 3] = parameter "v"
b: f32[9] = parameter "b"
c: f32[9] = parameter "c"
aten.gru_cell.default(x, h, w, v, b, c) : f32[2, 3]
---- mlx
a = expand_dims(x, axis=1)
d = slice(c, axis=0, start=0, stop=6)
e = slice(b, axis=0, start=0, stop=6)
f = add(e, d)
g = slice(b, axis=0, start=6, stop=9)
i = concatenate([f, g], axis=0)
j = slice(c, axis=0, start=6, stop=9)
k = gru(a, w, v, b=i, bhn=j, hidden=h, hidden_size=3)
squeeze(k, axis=1)
---- python
x = mx.expand_dims(x, axis=1)
concatenate = mx.concatenate([self.b[:6] + self.c[:6], self.b[6:9]], axis=0)
gru = nn.GRU(1, 3).update(dict(Wx=self.w, Wh=self.v, b=concatenate, bhn=self.c[6:9]))(x, h)
return gru.squeeze(1)
