# pass: parameter_layouts identities dce
x: f32[2, 5, 6, 4]
w: f32[4, 3, 2, 2] = parameter "up.weight"
c = reshape(w, shape=(2, 2, 3, 2, 2)) @ up <torch.nn.modules.conv.ConvTranspose2d>
d = transpose(c, axes=(0, 2, 3, 4, 1)) @ up <torch.nn.modules.conv.ConvTranspose2d>
e = reshape(d, shape=(6, 2, 2, 2)) @ up <torch.nn.modules.conv.ConvTranspose2d>
f = conv_transpose2d(x, e, stride=(1, 1), padding=(0, 0), dilation=(1, 1), output_padding=(0, 0), groups=2) @ up <torch.nn.modules.conv.ConvTranspose2d>
return f
---- after
x: f32[2, 5, 6, 4]
w: f32[6, 2, 2, 2] = parameter "up.weight" permute=(1, 2, 3, 0)
f = conv_transpose2d(x, w, stride=[1, 1], padding=[0, 0], dilation=[1, 1], output_padding=[0, 0], groups=2) @ up <torch.nn.modules.conv.ConvTranspose2d>
return f
