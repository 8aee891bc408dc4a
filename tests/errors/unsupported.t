# The module and the line of source are named.
x: f32[2, 3]
aten.lgamma.default(x) : f32[2, 3] @ layers.3.router <Router> at "repo/modeling_x.py" 412 "h = torch.lgamma(x)"
---- error
node 0 'result' (layers.3.router, modeling_x.py:412): aten.lgamma.default has no MLX lowering
