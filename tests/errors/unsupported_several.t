# All are listed at once.
x: f32[2, 3]
a = aten.histc.default(x) : f32[100] @ layers.3.router <Router> at "repo/modeling_x.py" 412 "h = torch.histc(x)"
b = aten.exp.default(x) : f32[2, 3]
c = aten.logcumsumexp.default(b, 1) : f32[2, 3] @ layers.4 <Block> at "repo/modeling_x.py" 98 "x = x.logcumsumexp(1)"
d = aten.conv3d.default(x, x, None, [1, 1, 1], [0, 0, 0], [1, 1, 1], 2) : f32[2, 3]
return a, c, d
---- error
3 places cannot be converted exactly
  node 0 'a' (layers.3.router, modeling_x.py:412): aten.histc.default has no MLX lowering
  node 2 'c' (layers.4, modeling_x.py:98): aten.logcumsumexp.default has no MLX lowering
  node 3 'd': aten.conv3d.default: MLX has no grouped 3-d convolution
