# The result of an in-place overload is its operand: both see what is written later.
x: f32[3]
a = aten.sin.default(x) : f32[3]
b = aten.add_.Tensor(a, 1) : f32[3]
c = aten.mul_.Tensor(a, 2) : f32[3]
return b
---- functional
a = aten.sin.default(x) : f32[3]
b = aten.add.Tensor(a, 1) : f32[3]
aten.mul.Tensor(b, 2) : f32[3]
---- mlx
a = sin(x)
b = add(a, 1)
multiply(b, 2)
---- python
return (mx.sin(x) + 1) * 2
