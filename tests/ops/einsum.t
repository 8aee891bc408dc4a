x: f32[2, 3, 4]
y: f32[2, 5, 4]
aten.einsum.default("b i d, b j d -> b i j", [x, y]) : f32[2, 3, 5]
---- mlx
einsum([x, y], subscripts="bid,bjd->bij")
---- python
return mx.einsum("bid,bjd->bij", x, y)
