x: f32[2]
y: f32[3]
a, b = aten.meshgrid.indexing([x, y], indexing="xy") : f32[3, 2], f32[3, 2]
return a, b
---- mlx
a, b = meshgrid([x, y], indexing="xy")
return a, b
---- python
meshgrid, meshgrid_2 = mx.meshgrid(x, y, indexing="xy")
return meshgrid, meshgrid_2
