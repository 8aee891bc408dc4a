x: f32[2, 4]
h: f32[2, 3]
w: f32[3, 4] = parameter "w"
v: f32[3, 3] = parameter "v"
b: f32[3] = parameter "b"
c: f32[3] = parameter "c"
aten.rnn_relu_cell.default(x, h, w, v, b, c) : f32[2, 3]
---- mlx
a = expand_dims(x, axis=1)
d = add(b, c)
e = rnn(a, w, v, bias=d, hidden=h, relu=1)
squeeze(e, axis=1)
---- python
x = mx.expand_dims(x, axis=1)
bias = self.b + self.c
rnn = nn.RNN(1, 1, True, nn.relu).update(dict(Wxh=self.w, Whh=self.v, bias=bias))(x, h)
return rnn.squeeze(1)
