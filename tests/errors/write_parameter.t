x: f32[3]
w: f32[3] = parameter "w"
a = aten.mul_.Tensor(w, 0.5) : f32[3]
b = aten.add.Tensor(x, a) : f32[3]
return b
---- error
w: is a parameter that is written to
