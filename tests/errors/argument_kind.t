x: f32[2, 3]
aten.exp.default(2) : f32[2, 3]
---- error
node 0 'result': aten.exp.default: needs a tensor
