# pass: hoist
# What both layers compute of the mask is computed around them; what they compute of their own is not.
x: f32[2, 3]
m: bool[2, 3]
w: f32[3] = parameter "layers.0.w"
a = any(m, axis=(1), keepdims=True) @ layers.0 <Layer> #0
b = where(a, x, 0) @ layers.0 <Layer> #0
c = multiply(b, w) @ layers.0 <Layer> #0
d = any(m, axis=(1), keepdims=True) @ layers.1 <Layer> #0
e = where(d, c, 0) @ layers.1 <Layer> #0
return e
---- after
x: f32[2, 3]
m: bool[2, 3]
w: f32[3] = parameter "layers.0.w"
a = any(m, axis=[1], keepdims=True)
b = where(a, x, 0) @ layers.0 <Layer>
c = multiply(b, w) @ layers.0 <Layer>
e = where(a, c, 0) @ layers.1 <Layer>
return e
