x: f32[2, 5, 4]
h: f32[1, 2, 3]
w: f32[3, 4] = parameter "w"
v: f32[3, 3] = parameter "v"
b: f32[3] = parameter "b"
c: f32[3] = parameter "c"
y0, y1 = aten.rnn_tanh.input(x, h, [w, v, b, c], True, 1, 0.0, False, False, True) : f32[2, 5, 3], f32[1, 2, 3]
return y0, y1
---- mlx
a = select(h, axis=0, index=0)
d = add(b, c)
e = rnn(x, w, v, bias=d, hidden=a, relu=0)
f = select(e, axis=1, index=-1)
g = expand_dims(f, axis=0)
return e, g
---- python
rnn = nn.RNN(1, 1).update(dict(Wxh=self.w, Whh=self.v, bias=self.b + self.c))(x, h[0])
return rnn, mx.expand_dims(rnn[:, -1], axis=0)
