x: f32[2, 3]
y: f32[3, 4]
aten.chain_matmul.default([x, y]) : f32[2, 4]
---- mlx
matmul(x, y)
---- python
return x @ y
