#include "weights/drafts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "base/error.h"
#include "weights/arrange.h"

namespace torch2mlx::weights {
const std::vector<Drafts::Place>& Drafts::places_of(const Planned& output) const {
  static const std::vector<Place> whole(1);
  const auto it = places_.find(static_cast<std::size_t>(&output - outputs_.data()));
  return it == places_.end() ? whole : it->second;
}

std::vector<Share> Drafts::cut(const Share& share) const {
  const Planned* output = by_name_.find(share.name);
  if (!output) return {share};
  const int end = share.at + share.to - share.from;
  std::set<int> cuts{end};
  for (const Place& other : places_of(*output))
    for (const int at : {other.at, other.at + other.units})
      if (share.at < at && at < end) cuts.insert(at);
  std::vector<Share> pieces;
  Share rest = share;
  for (const int at : cuts) {
    pieces.push_back(rest);
    pieces.back().to = rest.from + at - rest.at;
    rest.from = pieces.back().to;
    rest.at = at;
  }
  return pieces;
}

bool Drafts::add(const Share& share, Part part, Sizes shape, Dtype dtype) {
  const Place place{share.at, share.to - share.from};
  Planned* output = by_name_.find(share.name);
  if (!output) {
    outputs_.push_back({.name = share.name, .dtype = dtype, .shape = std::move(shape), .parts = {std::move(part)}});
    by_name_.add_new();
    if (place.at != 0 || place.units != 1) places_[outputs_.size() - 1] = {place};
    return false;
  }
  auto places = places_of(*output);
  const bool meets = std::ranges::any_of(places, [&](const Place& other) {
    return place.at < other.at + other.units && other.at < place.at + place.units;
  });
  places.push_back(place);
  places_[static_cast<std::size_t>(output - outputs_.data())] = std::move(places);
  output->parts.push_back(std::move(part));
  return meets;
}

std::vector<Planned> Drafts::finish(std::vector<std::string>& problems) && {
  for (Planned& output : outputs_)
    if (output.parts.size() > 1)
      if (const auto problem = assemble(places_of(output), output); !problem.empty())
        problems.push_back(fmt::format("{}: {}", printable(output.name), problem));
  return std::move(outputs_);
}

// Parts that stand behind each other, each of it computed; false: they do not.
bool Drafts::in_turn(const std::vector<Place>& places, Planned& planned) {
  std::vector<std::size_t> order(places.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](std::size_t i) { return places[i].at; });
  const std::uint64_t each = planned.parts.front().elements() / static_cast<std::uint64_t>(places.front().units);
  int units = 0;
  std::vector<Part> sorted;
  for (const std::size_t i : order) {
    const std::uint64_t elements = each * static_cast<std::uint64_t>(places[i].units);
    if (places[i].at != units || planned.parts[i].elements() != elements) return false;
    units += places[i].units;
    sorted.push_back(planned.parts[i]);
  }
  planned.parts = Parts(std::move(sorted));
  planned.shape = with_rows(planned.shape, planned.shape[0] / places.front().units * units);
  return true;
}

// Cuts the parts where one begins or ends: what lies over each other is added up.
std::string Drafts::assemble(const std::vector<Place>& places, Planned& planned) {
  const std::vector<Part> parts = planned.parts.list();
  if (std::ranges::all_of(parts, [](const Part& part) { return part.computed() != nullptr; }))
    return in_turn(places, planned) ? "" : "made of quantized tensors that do not fit each other";
  const std::int64_t unit = planned.shape.empty() ? 0 : planned.shape[0] / places.front().units;
  std::set<int> cuts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].computed()) return "made of several, one of which is quantized";
    const Tensor& term = parts[i].terms().front();
    if (parts[i].combine() != Combine::copy || term.shape.empty() || term.shape[0] != unit * places[i].units ||
        !std::equal(term.shape.begin() + 1, term.shape.end(), planned.shape.begin() + 1, planned.shape.end()))
      return fmt::format("made of tensors whose shapes do not fit: [{}] and [{}]", fmt::join(planned.shape, ", "),
                         fmt::join(term.shape, ", "));
    cuts.insert({places[i].at, places[i].at + places[i].units});
  }
  std::vector<Part> assembled;
  for (auto begin = cuts.begin(), end = std::next(begin); end != cuts.end(); begin = end++) {
    std::vector<Tensor> terms;
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (const auto [at, units] = places[i]; at <= *begin && *end <= at + units)
        terms.push_back(rows_of(parts[i].terms().front(), (*begin - at) * unit, (*end - at) * unit));
    if (terms.empty()) return "a part of it has no source";
    const Combine combine = terms.size() > 1 ? Combine::add : Combine::copy;
    assembled.emplace_back(combine, std::move(terms));
  }
  planned.parts = Parts(std::move(assembled));
  planned.shape = with_rows(planned.shape, unit * *cuts.rbegin());
  return {};
}

}  // namespace torch2mlx::weights
