x: f32[2, 3]
aten.log_softmax.int(x, 1) : f32[2, 3]
---- mlx
a = logsumexp(x, axis=1)
subtract(x, a)
---- python
return x - mx.logsumexp(x, axis=1, keepdims=True)
