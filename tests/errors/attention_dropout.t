q: f32[2, 4, 5, 8]
aten.scaled_dot_product_attention.default(q, q, q, None, 0.1) : f32[2, 4, 5, 8]
---- error
node 0 'result': aten.scaled_dot_product_attention.default: dropout in attention is training; call model.eval() first
