x: f32[2, 3, 4]
i: i64[5]
aten.index.Tensor(x, [i, None, i]) : f32[5, 3]
---- error
node 0 'result': aten.index.Tensor: index tensors on axes that are not adjacent
