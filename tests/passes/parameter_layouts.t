# pass: parameter_layouts identities dce
x: f32[1, 8, 8, 3]
w: f32[4, 3, 5, 5] = parameter "conv.weight"
t = transpose(w, axes=(0, 2, 3, 1)) @ conv <torch.nn.modules.conv.Conv2d>
a = conv2d(x, t, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1) @ conv <torch.nn.modules.conv.Conv2d>
return a
---- after
x: f32[1, 8, 8, 3]
w: f32[4, 5, 5, 3] = parameter "conv.weight" permute=(0, 2, 3, 1)
a = conv2d(x, w, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1) @ conv <torch.nn.modules.conv.Conv2d>
return a
