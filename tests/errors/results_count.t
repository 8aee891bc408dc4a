x: f32[2, 8]
a, b = aten.split.Tensor(x, 3, 1) : f32[2, 3], f32[2, 3]
return a, b
---- error
node 0 'a': aten.split.Tensor: gives 3 results where PyTorch has 2
