# A copy made before a write keeps the old value.
x: f32[3]
n: f32[3] = buffer "n"
a = aten.clone.default(n) : f32[3]
b = aten.clone.default(x) : f32[3]
c = aten.add_.Tensor(n, x) : f32[3]
d = aten.mul_.Tensor(x, 2) : f32[3]
return a
return b
---- functional
a = aten.clone.default(n) : f32[3]
b = aten.clone.default(x) : f32[3]
c = aten.add.Tensor(n, x) : f32[3]
d = aten.mul.Tensor(x, 2) : f32[3]
mutate input "x" = d
mutate buffer "n" = c
return a, b
---- mlx
a = add(n, x)
b = multiply(x, 2)
mutate input "x" = b
mutate buffer "n" = a
return n, x
---- python
add = self.n + x
x_2 = x * 2
old_x = mx.array(x)
old_n = self.n
self.n = add
x[...] = x_2
return old_n, old_x
