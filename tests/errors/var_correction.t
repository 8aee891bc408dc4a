x: f32[2, 3]
aten.var.correction(x, [1], correction=0.5) : f32[2]
---- error
node 0 'result': aten.var.correction: a correction that is no natural number
