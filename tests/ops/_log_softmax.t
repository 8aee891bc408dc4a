x: f32[2, 3]
aten._log_softmax.default(x, 1, False) : f32[2, 3]
---- mlx
a = max(x, axis=[1], keepdims=True)
b = subtract(x, a)
c = logsumexp(b, axis=1)
subtract(b, c)
---- python
x = x - mx.max(x, axis=(1,), keepdims=True)
return x - mx.logsumexp(x, axis=1, keepdims=True)
