# Arguments have the schema's names.
x: f32[2, 3]
aten.softmax.int(x, axis=1) : f32[2, 3]
---- error
node 0 'result': aten.softmax.int: has no parameter 'axis'
