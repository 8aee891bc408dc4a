# pass: parameter_layouts
x: f32[1, 8, 8, 3]
w: f32[4, 3, 5, 5] = parameter "conv.weight"
t = transpose(w, axes=(0, 2, 3, 1)) @ conv <torch.nn.modules.conv.Conv2d>
return t, w
---- after
x: f32[1, 8, 8, 3]
w: f32[4, 5, 5, 3] = parameter "conv.weight" permute=(0, 2, 3, 1)
a = transpose(w, axes=(0, 3, 1, 2)) @ conv <torch.nn.modules.conv.Conv2d>
t = transpose(a, axes=(0, 2, 3, 1)) @ conv <torch.nn.modules.conv.Conv2d>
b = transpose(w, axes=(0, 3, 1, 2))
return t, b
