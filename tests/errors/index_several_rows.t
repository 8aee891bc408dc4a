x: f32[2, 5, 8]
m: bool[2, 5]
a = aten.index.Tensor(x, [m]) : f32[u0, 8]
b = aten.softmax.int(a, 0) : f32[u0, 8]
aten.index_put.default(x, [m], b) : f32[2, 5, 8]
---- error
node 1 'b': aten.softmax.int: reads several of the rows that a mask picks, whose number depends on data
