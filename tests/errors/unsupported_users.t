# What depends on an unsupported op is no problem of its own.
x: f32[2, 3]
a = aten.segment_reduce.default(x) : f32[100] @ layers.3.router <Router> at "repo/modeling_x.py" 412 "h = torch.segment_reduce(x)"
b = aten.exp.default(a) : f32[100]
return b
---- error
node 0 'a' (layers.3.router, modeling_x.py:412): aten.segment_reduce.default has no MLX lowering
