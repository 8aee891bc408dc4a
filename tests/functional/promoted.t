# The sum is in float32, what is stored in float16.
x: f16[3]
y: f32[3]
a = aten.clone.default(x) : f16[3]
b = aten.add_.Tensor(a, y) : f16[3]
return a
---- functional
a = aten.clone.default(x) : f16[3]
b = aten.add.Tensor(a, y) : f32[3]
aten._to_copy.default(b, dtype=f16) : f16[3]
---- mlx
a = astype(x, dtype=f32)
b = add(a, y)
astype(b, dtype=f16)
---- python
return (x.astype(mx.float32) + y).astype(mx.float16)
