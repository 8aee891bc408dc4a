# Pooling to one element, then flattening.
symbol s0: 1..
x: f32[s0, 7, 7, 32]
a = mean(x, axis=(1, 2), keepdims=True) : f32[s0, 1, 1, 32]
b = shape(x, axis=0)
c = reshape(a, shape=(b, 32)) : f32[s0, 32]
return c
---- after
symbol s0: 1..
x: f32[s0, 7, 7, 32]
a = mean(x, axis=[1, 2], keepdims=True)
b = shape(x, axis=0)
mean = mean(x, axis=[1, 2])
return mean
