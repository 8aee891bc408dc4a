# pass: parameter_layouts
x: f32[2, 5, 4]
w: f32[12, 4] = parameter "rnn.weight_ih_l0"
v: f32[12, 3] = parameter "rnn.weight_hh_l0"
b: f32[12] = parameter "rnn.bias_ih_l0"
c: f32[12] = parameter "rnn.bias_hh_l0"
s = add(b, c) @ rnn <torch.nn.modules.rnn.LSTM>
y, z = lstm(x, w, v, bias=s) @ rnn <torch.nn.modules.rnn.LSTM>
return y
---- after
x: f32[2, 5, 4]
w: f32[12, 4] = parameter "rnn.Wx"
v: f32[12, 3] = parameter "rnn.Wh"
bias: f32[12] = parameter "rnn.bias"
y, z = lstm(x, w, v, bias=bias) @ rnn <torch.nn.modules.rnn.LSTM>
return y
