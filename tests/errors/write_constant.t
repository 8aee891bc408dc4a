x: f32[3]
w: f32[3] = constant "table"
a = aten.add_.Tensor(w, x) : f32[3]
return a
---- error
table: is no buffer, but is written to
