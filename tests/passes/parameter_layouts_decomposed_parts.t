# pass: parameter_layouts dce
x: f32[2, 4]
h: f32[2, 3]
w: f32[9, 4] = parameter "gru.weight_ih"
v: f32[9, 3] = parameter "gru.weight_hh"
b: f32[9] = parameter "gru.bias_ih"
c: f32[9] = parameter "gru.bias_hh"
p = linear(x, w, bias=b) @ gru <torch.nn.modules.rnn.GRUCell>
q = linear(h, v, bias=c) @ gru <torch.nn.modules.rnn.GRUCell>
p1, p2, p3 = split(p, indices=(3, 6), axis=1) @ gru <torch.nn.modules.rnn.GRUCell>
q1, q2, q3 = split(q, indices=(3, 6), axis=1) @ gru <torch.nn.modules.rnn.GRUCell>
r = add(p1, q1) @ gru <torch.nn.modules.rnn.GRUCell>
z = add(p2, q2) @ gru <torch.nn.modules.rnn.GRUCell>
rs = sigmoid(r) @ gru <torch.nn.modules.rnn.GRUCell>
n = multiply(rs, q3) @ gru <torch.nn.modules.rnn.GRUCell>
m = add(p3, n) @ gru <torch.nn.modules.rnn.GRUCell>
y = multiply(m, z) @ gru <torch.nn.modules.rnn.GRUCell>
return y
---- after
x: f32[2, 4]
h: f32[2, 3]
w: f32[9, 4] = parameter "gru.Wx"
v: f32[9, 3] = parameter "gru.Wh"
b_20: f32[9] = parameter "gru.b"
bhn: f32[3] = parameter "gru.bhn"
full = full(shape=[6], value=0, dtype=f32) @ gru <torch.nn.modules.rnn.GRUCell>
concatenate = concatenate([full, bhn], axis=0) @ gru <torch.nn.modules.rnn.GRUCell>
p = linear(x, w, bias=b_20) @ gru <torch.nn.modules.rnn.GRUCell>
q = linear(h, v, bias=concatenate) @ gru <torch.nn.modules.rnn.GRUCell>
p1, p2, p3 = split(p, indices=[3, 6], axis=1) @ gru <torch.nn.modules.rnn.GRUCell>
q1, q2, q3 = split(q, indices=[3, 6], axis=1) @ gru <torch.nn.modules.rnn.GRUCell>
r = add(p1, q1) @ gru <torch.nn.modules.rnn.GRUCell>
z = add(p2, q2) @ gru <torch.nn.modules.rnn.GRUCell>
rs = sigmoid(r) @ gru <torch.nn.modules.rnn.GRUCell>
n = multiply(rs, q3) @ gru <torch.nn.modules.rnn.GRUCell>
m = add(p3, n) @ gru <torch.nn.modules.rnn.GRUCell>
y = multiply(m, z) @ gru <torch.nn.modules.rnn.GRUCell>
return y
