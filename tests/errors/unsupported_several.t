# All are listed at once.
x: f32[2, 3]
a = aten.segment_reduce.default(x) : f32[100] @ layers.3.router <Router> at "repo/modeling_x.py" 412 "h = torch.segment_reduce(x)"
b = aten.exp.default(x) : f32[2, 3]
c = aten.hash_tensor.default(b) : f32[2, 3] @ layers.4 <Block> at "repo/modeling_x.py" 98 "x = torch.hash_tensor(x)"
d = aten.one_hot.default(x) : i64[2, 3, 7]
return a, c, d
---- error
3 places cannot be converted exactly
  node 0 'a' (layers.3.router, modeling_x.py:412): aten.segment_reduce.default has no MLX lowering
  node 2 'c' (layers.4, modeling_x.py:98): aten.hash_tensor.default has no MLX lowering
  node 3 'd': aten.one_hot.default: a number of classes that depends on data (give num_classes)
