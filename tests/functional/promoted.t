# The sum is in float32, what is stored in float16.
x: f16[3]
y: f32[3]
a = aten.clone.default(x) : f16[3]
b = aten.add_.Tensor(a, y) : f16[3]
return a
