x: i64[3, 3]
aten.einsum.default("ii->i", [x]) : i64[3]
---- error
node 0 'result': aten.einsum.default: a diagonal in a product of integers
