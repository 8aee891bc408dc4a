# pass: parameter_layouts dce
x: f32[3, 2, 4]
h: f32[2, 3]
k: f32[2, 3]
w: f32[12, 4] = parameter "rnn.weight_ih_l0"
v: f32[12, 3] = parameter "rnn.weight_hh_l0"
b: f32[12] = parameter "rnn.bias_ih_l0"
c: f32[12] = parameter "rnn.bias_hh_l0"
f = reshape(x, shape=(6, 4)) @ rnn <torch.nn.modules.rnn.LSTM>
t = transpose(w, axes=(1, 0)) @ rnn <torch.nn.modules.rnn.LSTM>
m = matmul(f, t) @ rnn <torch.nn.modules.rnn.LSTM>
p = add(m, b) @ rnn <torch.nn.modules.rnn.LSTM>
q = reshape(p, shape=(3, 2, 12)) @ rnn <torch.nn.modules.rnn.LSTM>
s = select(q, axis=0, index=0) @ rnn <torch.nn.modules.rnn.LSTM>
u = transpose(v, axes=(1, 0)) @ rnn <torch.nn.modules.rnn.LSTM>
n = matmul(h, u) @ rnn <torch.nn.modules.rnn.LSTM>
o = add(n, c) @ rnn <torch.nn.modules.rnn.LSTM>
g = add(o, s) @ rnn <torch.nn.modules.rnn.LSTM>
g1, g2, g3, g4 = split(g, indices=(3, 6, 9), axis=1) @ rnn <torch.nn.modules.rnn.LSTM>
y = multiply(g1, k) @ rnn <torch.nn.modules.rnn.LSTM>
return y
---- after
x: f32[3, 2, 4]
h: f32[2, 3]
k: f32[2, 3]
w: f32[12, 4] = parameter "rnn.Wx"
v: f32[12, 3] = parameter "rnn.Wh"
bias: f32[12] = parameter "rnn.bias"
f = reshape(x, shape=[6, 4]) @ rnn <torch.nn.modules.rnn.LSTM>
t = transpose(w, axes=[1, 0]) @ rnn <torch.nn.modules.rnn.LSTM>
m = matmul(f, t) @ rnn <torch.nn.modules.rnn.LSTM>
p = add(m, bias) @ rnn <torch.nn.modules.rnn.LSTM>
q = reshape(p, shape=[3, 2, 12]) @ rnn <torch.nn.modules.rnn.LSTM>
s = select(q, axis=0, index=0) @ rnn <torch.nn.modules.rnn.LSTM>
u = transpose(v, axes=[1, 0]) @ rnn <torch.nn.modules.rnn.LSTM>
n = matmul(h, u) @ rnn <torch.nn.modules.rnn.LSTM>
g = add(n, s) @ rnn <torch.nn.modules.rnn.LSTM>
g1, g2, g3, g4 = split(g, indices=[3, 6, 9], axis=1) @ rnn <torch.nn.modules.rnn.LSTM>
y = multiply(g1, k) @ rnn <torch.nn.modules.rnn.LSTM>
return y
