x: f32[2, 3]
aten.permute.default(x, 0) : f32[2, 3]
---- error
node 0 'result': aten.permute.default: needs a list
