x: f32[2]
y: f32[3]
aten.cartesian_prod.default([x, y]) : f32[6, 2]
---- mlx
a, b = meshgrid([x, y], indexing="ij")
c = reshape(a, shape=[-1])
d = reshape(b, shape=[-1])
stack([c, d], axis=1)
---- python
meshgrid, meshgrid_2 = mx.meshgrid(x, y, indexing="ij")
return mx.stack([meshgrid.reshape(-1), meshgrid_2.reshape(-1)], axis=1)
