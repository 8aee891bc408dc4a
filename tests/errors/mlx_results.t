x: f32[2, 8]
a, b = split(x, indices=[2, 4], axis=1)
return a, b
---- error
node 0 'a': 'split' gives 3 results here
