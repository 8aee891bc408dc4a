x: c64[3, 3]
aten.var.correction(x, [1]) : f32[3]
---- error
node 0 'result': aten.var.correction: a variance of complex numbers
