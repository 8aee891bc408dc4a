x: f16[2, 3]
y: f16[2, 3]
aten.soft_margin_loss.default(x, y, reduction=1) : f16[]
---- mlx
a = negative(x)
b = multiply(a, y)
c = exp(b)
d = log1p(c)
e = astype(d, dtype=f32)
f = mean(e)
astype(f, dtype=f16)
---- python
return mx.mean(mx.log1p(mx.exp(-x * y)).astype(mx.float32)).astype(mx.float16)
