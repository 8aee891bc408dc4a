x: f32[2, 3]
aten.unsqueeze.default(x) : f32[2, 1, 3]
---- error
node 0 'result': aten.unsqueeze.default: needs 'dim'
