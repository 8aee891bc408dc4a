a: f32[3, 3]
aten.linalg_svdvals.default(a) : f32[3]
---- mlx
svdvals(a)
---- python
return mx.linalg.svd(a, compute_uv=False, stream=mx.cpu)
