aten.arange.default(2.5) : i64[3]
---- error
node 0 'result': aten.arange.default: arange of fractions as integers
