x: f32[2]
y: f32[3]
a, b = aten.meshgrid.indexing([x, y], indexing="xy") : f32[3, 2], f32[3, 2]
return a, b
