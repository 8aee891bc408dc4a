# pass: fold_constants dce
# Are these positions those of one sequence? Counted up, they always are.
symbol n: 0..
x: i64[2, n]
l = shape(x, axis=1)
p = arange(stop=l, dtype=i64)
row = expand_dims(p, axis=0)
first = slice(row, axis=1, start=0, stop=1, step=1) : i64[1, 1]
before = subtract(first, 1)
all = concatenate([before, row], axis=1)
later = slice(all, axis=1, start=1) : i64[1, n]
earlier = slice(all, axis=1, stop=-1) : i64[1, n]
d = subtract(later, earlier)
breaks = not_equal(d, 1)
ones = astype(breaks, dtype=i64)
sequence = cumsum(ones, axis=1)
a = expand_dims(sequence, axis=1)
b = expand_dims(sequence, axis=2)
same = equal(a, b)
y: bool[1, n, n]
both = logical_and(y, same)
return both
---- after
symbol n: 0..
x: i64[2, n]
y: bool[1, n, n]
return y
