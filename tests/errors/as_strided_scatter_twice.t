x: f32[3, 3]
src: f32[2, 2]
aten.as_strided_scatter.default(x, src, [2, 2], [1, 1]) : f32[3, 3]
---- error
node 0 'result': aten.as_strided_scatter.default: elements that are written twice
