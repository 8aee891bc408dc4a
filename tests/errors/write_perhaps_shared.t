# Without strides nobody knows whether the reshape is a view of x.
x: f32[2, 3]
a = aten.sin.default(x) : f32[2, 3]
b = aten.reshape.default(a, [6]) : f32[6]
c = aten.add_.Tensor(b, 1) : f32[6]
return a
---- error
output: 'a' may share memory with a tensor that was written to; the file does not tell
