x: f32[2, 3, 4]
aten.repeat_interleave.self_int(x, 2, 1) : f32[2, 6, 4]
---- mlx
repeat(x, repeats=2, axis=1)
---- python
return mx.repeat(x, 2, axis=1)
