# The result of an in-place overload is its operand: both see what is written later.
x: f32[3]
a = aten.sin.default(x) : f32[3]
b = aten.add_.Tensor(a, 1) : f32[3]
c = aten.mul_.Tensor(a, 2) : f32[3]
return b
