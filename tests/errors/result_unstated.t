# A lowering that asks for the type of its result cannot do without.
x: f32[2, 3]
y: i64[2, 3]
aten.div.Tensor(x, y)
---- error
node 0 'result': aten.div.Tensor: needs the type of its result, which the graph does not state
