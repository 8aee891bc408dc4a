x: f32[3]
w: f32[3] = constant "table"
a = aten.add_.Tensor(w, x) : f32[3]
return a
---- functional
aten.add.Tensor(w, x) : f32[3]
---- error
table: 'table' is no buffer, but is written to
