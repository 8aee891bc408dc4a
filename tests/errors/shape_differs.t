# The shape the file states is checked.
x: f32[2, 3]
aten.exp.default(x) : f32[3, 2]
---- error
node 0 'result': aten.exp.default: gives shape [2, 3] where PyTorch has [3, 2]
