x: f32[2, 3, 4]
aten.repeat_interleave.self_int(x, 2) : f32[48]
---- mlx
a = reshape(x, shape=[-1])
repeat(a, repeats=2, axis=0)
---- python
return mx.repeat(x.reshape(-1), 2, axis=0)
