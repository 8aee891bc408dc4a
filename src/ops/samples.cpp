#include "ops/samples.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <string>

#include "base/error.h"

namespace torch2mlx::ops {
namespace {

using graph::Dim;
using Binding = Dim::Binding;

constexpr std::array primes{5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97};
// Odd and even ones, multiples of three: sizes of one residue alone would prove nothing.
constexpr std::array factors{1, 1, 2, 3};

std::int64_t into_range(const graph::Symbol& symbol, std::int64_t value) {
  if (value < symbol.min) value += symbol.min;
  return value <= symbol.max ? value : symbol.min + value % (symbol.max - symbol.min + 1);
}

// One binding a factor. No two symbols have the same sizes in all of them, unless their ranges leave no choice.
Samples sample(const std::vector<graph::Symbol>& symbols, std::int64_t multiple) {
  constexpr int tries = 64;
  Samples bindings(factors.size());
  std::set<std::vector<std::int64_t>> taken;
  std::size_t next = 0;
  for (const auto& symbol : symbols) {
    std::vector<std::int64_t> sizes;
    for (int i = 0; i < tries; ++i) {
      sizes.clear();
      for (const int factor : factors)
        sizes.push_back(into_range(symbol, multiple * factor * primes[next++ % primes.size()] + i));
      const bool varies =
          symbol.min == symbol.max || std::ranges::adjacent_find(sizes, std::not_equal_to()) != sizes.end();
      if (varies && !taken.contains(sizes)) break;
    }
    taken.insert(sizes);
    for (std::size_t k = 0; k < sizes.size(); ++k) bindings[k][symbol.name] = sizes[k];
  }
  return bindings;
}

// Sizes of up to eleven, no two symbols alike: of many axes, larger ones would make more elements than MLX can count.
Samples small_sample(const std::vector<graph::Symbol>& symbols) {
  Samples bindings(factors.size());
  for (std::size_t i = 0; i < symbols.size(); ++i)
    for (std::size_t k = 0; k < bindings.size(); ++k)
      bindings[k][symbols[i].name] = into_range(symbols[i], static_cast<std::int64_t>(3 + (i + k * (i + 1)) % 9));
  return bindings;
}

// Small sizes, and each symbol by itself at large ones: what is divided by 32 and more is the same at all small ones.
Samples spread_sample(const std::vector<graph::Symbol>& symbols, std::int64_t multiple) {
  Samples bindings{small_sample(symbols).front()};
  for (auto& [name, size] : bindings[0]) size *= multiple;
  for (const auto& symbol : symbols) bindings[0][symbol.name] = into_range(symbol, bindings[0][symbol.name]);
  for (std::size_t i = 0; i < symbols.size(); ++i)
    for (const std::int64_t factor : {16, 63}) {
      Binding large = bindings[0];
      large[symbols[i].name] = into_range(symbols[i], multiple * factor * primes[i % primes.size()]);
      bindings.push_back(std::move(large));
    }
  return bindings;
}

// How many of the sizes a family tells from constants and from each other.
std::size_t told_apart(const Samples& family, const std::set<Dim>& dims) {
  std::set<std::vector<std::int64_t>> values;
  for (const Dim& dim : dims) {
    std::vector<std::int64_t> sizes;
    for (const Binding& binding : family) {
      const auto size = value_at(dim, binding);
      if (!size) return 0;
      sizes.push_back(*size);
    }
    if (std::ranges::adjacent_find(sizes, std::not_equal_to()) != sizes.end()) values.insert(std::move(sizes));
  }
  return values.size();
}

// Moves sizes to where a graph's conditions hold.
class Mover {
 public:
  explicit Mover(const graph::Graph& graph) : graph_(graph), example_(example_sample(graph.symbols).front()) {}

  // nullopt: none is found nearby.
  std::optional<Binding> moved(Binding sizes) {
    // A symbol at a time, that which leaves fewest conditions broken; one may have to wait for another.
    for (std::size_t round = 0; round <= graph_.symbols.size(); ++round) {
      std::size_t broken = broken_at(sizes);
      if (broken == 0) return sizes;
      const std::size_t before = broken;
      for (const graph::Symbol& symbol : graph_.symbols) {
        std::int64_t best = sizes.at(symbol.name);
        for (const std::int64_t size : choices(symbol, sizes)) {
          if (broken == 0 || left_ == 0) break;
          sizes[symbol.name] = size;
          if (const std::size_t now = broken_at(sizes); now < broken) broken = now, best = size;
        }
        sizes[symbol.name] = best;
      }
      if (broken == before) break;
    }
    return broken_at(sizes) == 0 ? std::optional(std::move(sizes)) : std::nullopt;
  }

 private:
  // Nearby, as others are, around the example's, and small.
  std::vector<std::int64_t> choices(const graph::Symbol& symbol, const Binding& sizes) const {
    constexpr std::int64_t steps = 128;
    std::vector<std::int64_t> found;
    const auto add = [&](std::int64_t size) {
      if (size >= symbol.min && size <= symbol.max) found.push_back(size);
    };
    const std::int64_t here = sizes.at(symbol.name), traced = example_.at(symbol.name);
    for (std::int64_t i = 1; i < steps; ++i) add(here + i);
    for (const auto& [name, size] : sizes)
      for (const std::int64_t same :
           {size, 2 * size, size / 2, traced * size / std::max<std::int64_t>(example_.at(name), 1)})
        add(same);
    for (std::int64_t i = 0; i < steps; ++i) add(traced + (here + i) % steps - steps / 2);
    for (std::int64_t i = 0; i < steps; ++i) add(symbol.min + i);
    return found;
  }

  // Conditions that cannot be read, or ask for what the sizes do not tell, are nobody's.
  std::size_t broken_at(const Binding& sizes) {
    if (left_ > 0) --left_;
    try {
      const auto shapes = graph::shapes_at(graph_, sizes);
      const auto fails = [&](const graph::Condition& condition) { return condition.holds(shapes) == false; };
      return static_cast<std::size_t>(std::ranges::count_if(graph_.conditions, fails) +
                                      std::ranges::count_if(graph_.guards, fails));
    } catch (const std::exception&) {
      return graph_.conditions.size() + graph_.guards.size() + 1;
    }
  }

  const graph::Graph& graph_;
  const Binding example_;
  std::size_t left_ = 50'000;  // tries, for all of a graph's samples
};

}  // namespace

Families free_samples(const std::vector<graph::Symbol>& symbols) {
  // Then sizes with many divisors, for reshapes that split an axis.
  Families families{sample(symbols, 1), sample(symbols, 48), small_sample(symbols)};
  for (const std::int64_t multiple : {1, 48}) families.push_back(spread_sample(symbols, multiple));
  return families;
}

Families allowed_samples(const graph::Graph& graph) {
  Families allowed;
  Mover mover(graph);
  for (const Samples& family : free_samples(graph.symbols)) {
    Samples kept;
    for (const Binding& sizes : family)
      if (auto moved = mover.moved(sizes); moved && std::ranges::find(kept, *moved) == kept.end())
        kept.push_back(*std::move(moved));
    const bool tells = std::ranges::all_of(graph.symbols, [&](const graph::Symbol& symbol) {
      std::vector<std::int64_t> sizes;
      for (const Binding& binding : kept) sizes.push_back(binding.at(symbol.name));
      return symbol.min == symbol.max || std::ranges::adjacent_find(sizes, std::not_equal_to()) != sizes.end();
    });
    if (kept.size() > 1 && tells) allowed.push_back(std::move(kept));
  }
  return allowed;
}

Families alike_samples(const std::vector<graph::Symbol>& symbols) {
  std::vector<graph::Symbol> distinct;
  std::map<std::string, std::string> stands_for;
  for (const graph::Symbol& symbol : symbols) {
    const auto same = std::ranges::find_if(
        distinct, [&](const auto& other) { return symbol.example != 0 && other.example == symbol.example; });
    stands_for[symbol.name] = same == distinct.end() ? symbol.name : same->name;
    if (same == distinct.end()) {
      distinct.push_back(symbol);
    } else {
      same->min = std::max(same->min, symbol.min);
      same->max = std::min(same->max, symbol.max);
    }
  }
  if (distinct.size() == symbols.size()) return {};
  Families families = free_samples(distinct);
  for (Samples& family : families)
    for (Binding& sizes : family)
      for (const auto& [name, other] : stands_for) sizes[name] = sizes.at(other);
  return families;
}

Samples example_sample(const std::vector<graph::Symbol>& symbols) {
  Binding example;
  for (const auto& symbol : symbols) example[symbol.name] = symbol.example ? symbol.example : symbol.min;
  return {std::move(example)};
}

std::vector<const Samples*> ordered(const Families& families, const std::set<Dim>& dims) {
  std::vector<const Samples*> order;
  for (const auto& family : families) order.push_back(&family);
  if (std::ranges::none_of(dims, [](const Dim& dim) { return dim.str().find('(') != std::string::npos; })) return order;
  std::map<const Samples*, std::size_t> known;
  for (const auto* family : order) known[family] = told_apart(*family, dims);
  std::ranges::stable_sort(order, std::greater(), [&](const auto* family) { return known[family]; });
  return order;
}

std::optional<std::int64_t> value_at(const Dim& dim, const Binding& binding) {
  try {
    return dim.evaluate(binding);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace torch2mlx::ops
