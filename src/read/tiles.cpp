#include "read/tiles.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "read/bytes.h"
#include "read/check.h"
#include "read/made.h"

namespace torch2mlx {
namespace {

using Sizes64 = std::vector<std::int64_t>;

constexpr std::size_t most_cells = std::size_t{1} << 20;
constexpr std::uint32_t nobody = 0xFFFFFFFF;

// The tiles' edges cut the whole into cells, each of which lies in one tile.
class Tiles final : public Made {
 public:
  Tiles(std::int64_t elements, Dtype type, Sizes64 shape, std::vector<Tile> tiles, const std::string& place)
      : Made(elements, type), shape_(std::move(shape)), tiles_(std::move(tiles)) {
    for (const Tile& tile : tiles_) add_source(tile.elements.storage);
    cut(place);
    fill(place);
    while (merge_last()) {
    }
  }

  void read(std::int64_t first, std::int64_t number, std::byte* out) const override {
    const auto size = static_cast<std::int64_t>(size_of(dtype));
    Sizes64 index(shape_.size());
    while (number > 0) {
      for (std::int64_t rest = first, axis = static_cast<std::int64_t>(shape_.size()); axis-- > 0;) {
        index[static_cast<std::size_t>(axis)] = rest % shape_[static_cast<std::size_t>(axis)];
        rest /= shape_[static_cast<std::size_t>(axis)];
      }
      const Tile& tile = tiles_[owners_[cell(index)]];
      const std::size_t last = shape_.size() - 1;
      const std::int64_t run = std::min(number, tile.at[last] + tile.elements.shape[last] - index[last]);
      Tensor row = tile.elements;
      for (std::size_t axis = 0; axis < index.size(); ++axis)
        row.offset += (index[axis] - tile.at[axis]) * tile.elements.strides[axis];
      row.shape = {run};
      row.strides = {tile.elements.strides[last]};
      read_elements(row, 0, run, out);
      first += run;
      number -= run;
      out += run * size;
    }
  }

 private:
  void cut(const std::string& place) {
    std::size_t cells = 1;
    for (std::size_t axis = 0; axis < shape_.size(); ++axis) {
      Sizes64 edges{0, shape_[axis]};
      for (const Tile& tile : tiles_) {
        edges.push_back(tile.at[axis]);
        edges.push_back(tile.at[axis] + tile.elements.shape[axis]);
      }
      std::ranges::sort(edges);
      const auto repeated = std::ranges::unique(edges);
      edges.erase(repeated.begin(), repeated.end());
      const auto product = multiply(cells, edges.size() - 1);
      if (!product || *product > most_cells)
        throw Error(ErrorKind::unsupported, place, fmt::format("{} parts that cross too often", tiles_.size()));
      cells = *product;
      edges_.push_back(std::move(edges));
    }
    owners_.assign(cells, nobody);
  }

  // Index of the cell along an axis that begins at or before `at`.
  std::size_t step(std::size_t axis, std::int64_t at) const {
    return static_cast<std::size_t>(std::ranges::upper_bound(edges_[axis], at) - edges_[axis].begin()) - 1;
  }

  std::size_t cell(const Sizes64& index) const {
    std::size_t at = 0;
    for (std::size_t axis = 0; axis < index.size(); ++axis)
      at = at * (edges_[axis].size() - 1) + step(axis, index[axis]);
    return at;
  }

  void fill(const std::string& place) {
    for (std::uint32_t number = 0; number < tiles_.size(); ++number) claim(number, place);
    const auto gap = std::ranges::find(owners_, nobody);
    if (gap == owners_.end()) return;
    std::size_t at = static_cast<std::size_t>(gap - owners_.begin());
    Sizes64 where(shape_.size());
    for (std::size_t axis = shape_.size(); axis-- > 0;) {
      where[axis] = edges_[axis][at % (edges_[axis].size() - 1)];
      at /= edges_[axis].size() - 1;
    }
    refuse(place, fmt::format("no part holds its elements from [{}] on", fmt::join(where, ", ")));
  }

  void claim(std::uint32_t number, const std::string& place) {
    const Tile& tile = tiles_[number];
    Sizes64 index = tile.at;
    for (;;) {
      std::uint32_t& owner = owners_[cell(index)];
      if (owner != nobody) refuse(place, fmt::format("two parts hold its elements at [{}]", fmt::join(index, ", ")));
      owner = number;
      std::size_t axis = index.size();
      while (axis-- > 0) {
        index[axis] = edges_[axis][step(axis, index[axis]) + 1];
        if (index[axis] < tile.at[axis] + tile.elements.shape[axis]) break;
        index[axis] = tile.at[axis];
        if (axis == 0) return;
      }
    }
  }

  // The last two axes as one, where no tile ends within the last and all have it row-major.
  bool merge_last() {
    const std::size_t last = shape_.size() - 1;
    if (last == 0 || edges_[last].size() != 2) return false;
    for (const Tile& tile : tiles_) {
      const Tensor& t = tile.elements;
      if (t.shape[last - 1] != 1 && t.strides[last - 1] != t.strides[last] * t.shape[last]) return false;
    }
    const std::int64_t width = shape_[last];
    const auto merge = [&](Sizes64& list, std::int64_t by) {
      list[last - 1] *= by;
      list.pop_back();
    };
    for (Tile& tile : tiles_) {
      Sizes64 shape = tile.elements.shape, strides = tile.elements.strides;
      merge(shape, width);
      strides[last - 1] = strides[last];
      strides.pop_back();
      tile.elements.shape = shape;
      tile.elements.strides = strides;
      merge(tile.at, width);
    }
    merge(shape_, width);
    for (std::int64_t& edge : edges_[last - 1]) edge *= width;
    edges_.pop_back();
    return true;
  }

  Sizes64 shape_;
  std::vector<Tile> tiles_;
  std::vector<Sizes64> edges_;         // by axis, ascending, 0 and the size included
  std::vector<std::uint32_t> owners_;  // of the cells, row-major
};

void check_tile(const Tile& tile, Dtype dtype, const Sizes64& shape, const std::string& place) {
  const Tensor& part = tile.elements;
  if (part.dtype != dtype)
    refuse(place, fmt::format("a part is {}, the whole {}", row(part.dtype).torch, row(dtype).torch));
  bool inside = part.shape.size() == shape.size() && tile.at.size() == shape.size();
  for (std::size_t axis = 0; inside && axis < shape.size(); ++axis)
    inside = tile.at[axis] >= 0 && tile.at[axis] <= shape[axis] && part.shape[axis] <= shape[axis] - tile.at[axis];
  if (!inside)
    refuse(place, fmt::format("a part [{}] at [{}] leaves the whole [{}]", fmt::join(part.shape, ", "),
                              fmt::join(tile.at, ", "), fmt::join(shape, ", ")));
}

}  // namespace

Tensor joined(const std::string& name, Dtype dtype, const std::vector<std::int64_t>& shape, std::vector<Tile> tiles,
              const std::string& place) {
  const std::int64_t elements = checked_elements(shape, dtype, place);
  for (const Tile& tile : tiles) check_tile(tile, dtype, shape, place);
  std::erase_if(tiles, [](const Tile& tile) { return tile.elements.elements() == 0; });
  if (elements == 0) return {name, dtype, shape, row_major(shape), 0, std::make_shared<Storage>()};
  if (tiles.size() == 1 && tiles[0].elements.shape == shape) {
    tiles[0].elements.name = name;
    return std::move(tiles[0].elements);
  }
  Sizes64 own = shape;
  if (own.empty()) {  // a scalar as a row of one
    own = {1};
    for (Tile& tile : tiles) tile.at = {0}, tile.elements.shape = {1}, tile.elements.strides = {1};
  }
  for (Tile& tile : tiles) tile.elements.name = {};
  return tensor_of(std::make_shared<const Tiles>(elements, dtype, std::move(own), std::move(tiles), place), name,
                   shape);
}

Tensor concatenated(const std::string& name, const std::vector<Tensor>& parts, std::size_t axis,
                    const std::string& place) {
  Sizes64 shape = parts.front().shape;
  shape[axis] = 0;
  std::vector<Tile> tiles;
  for (const Tensor& part : parts) {
    Sizes64 at(shape.size(), 0);
    at[axis] = shape[axis];
    if (part.shape.size() != shape.size()) refuse(place, "parts of several ranks");
    if (__builtin_add_overflow(shape[axis], part.shape[axis], &shape[axis])) refuse(place, "sizes beyond any tensor");
    tiles.push_back({std::move(at), part});
  }
  return joined(name, parts.front().dtype, shape, std::move(tiles), place);
}

}  // namespace torch2mlx
