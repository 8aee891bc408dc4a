x: f32[2, 3]
aten.linalg_vector_norm.default(x, inf) : f32[]
---- error
node 0 'result': aten.linalg_vector_norm.default: a norm of an order other than 1 and 2
