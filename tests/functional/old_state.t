# A copy made before a write keeps the old value.
x: f32[3]
n: f32[3] = buffer "n"
a = aten.clone.default(n) : f32[3]
b = aten.clone.default(x) : f32[3]
c = aten.add_.Tensor(n, x) : f32[3]
d = aten.mul_.Tensor(x, 2) : f32[3]
return a
return b
