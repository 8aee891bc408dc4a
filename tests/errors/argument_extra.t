x: f32[2, 3]
aten.exp.default(x, 2) : f32[2, 3]
---- error
node 0 'result': aten.exp.default: has no parameter for argument 2
