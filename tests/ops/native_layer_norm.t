x: f32[2, 6]
y0, y1, y2 = aten.native_layer_norm.default(x, [6], None, None, 1e-05) : f32[2, 6], f32[2, 1], f32[2, 1]
return y0, y1, y2
---- mlx
a = mean(x, axis=[1], keepdims=True)
b = var(x, axis=[1], keepdims=True)
c = layer_norm(x, eps=1e-05)
d = add(b, 1e-05)
e = rsqrt(d)
return c, a, e
---- python
x_2 = mx.mean(x, axis=(1,), keepdims=True)
x_3 = mx.fast.layer_norm(x, None, None, 1e-05)
x = mx.rsqrt(mx.var(x, axis=(1,), keepdims=True) + 1e-05)
return x_3, x_2, x
