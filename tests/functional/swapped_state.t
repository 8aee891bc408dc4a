a: f32[3] = buffer "a"
b: f32[3] = buffer "b"
x: f32[3]
c = aten.clone.default(a) : f32[3]
d = aten.copy_.default(a, b) : f32[3]
e = aten.copy_.default(b, c) : f32[3]
f = aten.add.Tensor(x, a) : f32[3]
return f
---- functional
c = aten.clone.default(a) : f32[3]
d = aten.copy.default(a, b) : f32[3]
e = aten.copy.default(b, c) : f32[3]
f = aten.add.Tensor(x, d) : f32[3]
mutate buffer "a" = d
mutate buffer "b" = e
return f
---- mlx
c = add(x, b)
mutate buffer "a" = b
mutate buffer "b" = a
return c
---- python
x_2 = x + self.b
old_a = self.a
old_b = self.b
self.a = old_b
self.b = old_a
return x_2
