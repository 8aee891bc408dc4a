# The module and the line of source are named.
x: f32[2, 3]
aten.segment_reduce.default(x) : f32[2, 3] @ layers.3.router <Router> at "repo/modeling_x.py" 412 "h = torch.segment_reduce(x)"
---- error
node 0 'result' (layers.3.router, modeling_x.py:412): aten.segment_reduce.default has no MLX lowering
