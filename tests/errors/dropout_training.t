x: f32[2, 3]
aten.dropout.default(x, 0.5, True) : f32[2, 3]
---- error
node 0 'result': aten.dropout.default: dropout is training; call model.eval() first
