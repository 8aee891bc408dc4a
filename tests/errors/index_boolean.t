x: f32[2, 3]
m: bool[2]
aten.index.Tensor(x, [m]) : f32[1, 3]
---- error
node 0 'result': aten.index.Tensor: reading by a boolean mask gives a shape that depends on data
