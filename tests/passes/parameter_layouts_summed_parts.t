# pass: parameter_layouts
x: f32[2, 5, 4]
w: f32[9, 4] = parameter "gru.weight_ih_l0"
v: f32[9, 3] = parameter "gru.weight_hh_l0"
b: f32[9] = parameter "gru.bias_ih_l0"
c: f32[9] = parameter "gru.bias_hh_l0"
w1: f32[9, 3] = parameter "gru.weight_ih_l1"
v1: f32[9, 3] = parameter "gru.weight_hh_l1"
b1: f32[9] = parameter "gru.bias_ih_l1"
c1: f32[9] = parameter "gru.bias_hh_l1"
p = slice(b, axis=0, start=0, stop=6) @ gru <torch.nn.modules.rnn.GRU>
q = slice(c, axis=0, start=0, stop=6) @ gru <torch.nn.modules.rnn.GRU>
r = add(p, q) @ gru <torch.nn.modules.rnn.GRU>
s = slice(b, axis=0, start=6, stop=9) @ gru <torch.nn.modules.rnn.GRU>
t = concatenate([r, s], axis=0) @ gru <torch.nn.modules.rnn.GRU>
u = slice(c, axis=0, start=6, stop=9) @ gru <torch.nn.modules.rnn.GRU>
y = gru(x, w, v, b=t, bhn=u, hidden_size=3) @ gru <torch.nn.modules.rnn.GRU>
return y
---- after
x: f32[2, 5, 4]
w: f32[9, 4] = parameter "gru.0.Wx"
v: f32[9, 3] = parameter "gru.0.Wh"
b_16: f32[9] = parameter "gru.0.b"
bhn: f32[3] = parameter "gru.0.bhn"
w1: f32[9, 3] = parameter "gru.1.Wx"
v1: f32[9, 3] = parameter "gru.1.Wh"
b_18: f32[9] = parameter "gru.1.b"
bhn_19: f32[3] = parameter "gru.1.bhn"
y = gru(x, w, v, b=b_16, bhn=bhn, hidden_size=3) @ gru <torch.nn.modules.rnn.GRU>
return y
