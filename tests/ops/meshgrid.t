x: f32[2]
y: f32[3]
a, b = aten.meshgrid.default([x, y]) : f32[2, 3], f32[2, 3]
return a, b
---- mlx
a, b = meshgrid([x, y], indexing="ij")
return a, b
---- python
meshgrid, meshgrid_2 = mx.meshgrid(x, y, indexing="ij")
return meshgrid, meshgrid_2
