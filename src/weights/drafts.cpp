#include "weights/drafts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "weights/arrange.h"

namespace torch2mlx::weights {

std::vector<Share> Drafts::cut(const Share& share) const {
  const auto it = by_name_.find(share.name);
  if (it == by_name_.end()) return {share};
  const int end = share.at + share.to - share.from;
  std::set<int> cuts{end};
  for (const Contribution& other : it->second->contributions)
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

bool Drafts::add(const Share& share, Part part, std::vector<std::int64_t> shape, Dtype dtype) {
  auto it = by_name_.find(share.name);
  if (it == by_name_.end()) {
    Draft& fresh = drafts_.emplace_back(Draft{share.name, dtype, std::move(shape), {}});
    it = by_name_.emplace(fresh.name, &fresh).first;
  }
  Draft& draft = *it->second;
  const int units = share.to - share.from;
  const bool meets = std::ranges::any_of(draft.contributions, [&](const Contribution& other) {
    return share.at < other.at + other.units && other.at < share.at + units;
  });
  draft.contributions.push_back({share.at, units, std::move(part)});
  return meets;
}

std::vector<Planned> Drafts::finish(std::vector<std::string>& problems) {
  std::vector<Planned> outputs;
  outputs.reserve(drafts_.size());
  by_name_.clear();
  while (!drafts_.empty()) {  // a checkpoint of many tensors should not be held twice
    Draft draft = std::move(drafts_.front());
    drafts_.pop_front();
    Planned planned{.name = draft.name, .dtype = draft.dtype, .shape = draft.shape, .parts = {}};
    if (draft.contributions.size() == 1) {
      planned.parts.push_back(std::move(draft.contributions.front().part));
    } else if (const auto problem = assemble(draft, planned); !problem.empty()) {
      problems.push_back(fmt::format("{}: {}", printable(draft.name), problem));
    }
    outputs.push_back(std::move(planned));
  }
  return outputs;
}

// Parts that stand behind each other, each of it computed; false: they do not.
bool Drafts::in_turn(const Draft& draft, Planned& planned) {
  std::vector<const Contribution*> sorted;
  for (const Contribution& one : draft.contributions) sorted.push_back(&one);
  std::ranges::sort(sorted, {}, &Contribution::at);
  const std::uint64_t each = draft.contributions.front().part.elements() / draft.contributions.front().units;
  int units = 0;
  for (const Contribution* one : sorted) {
    if (one->at != units || one->part.elements() != each * static_cast<std::uint64_t>(one->units)) return false;
    units += one->units;
    planned.parts.push_back(one->part);
  }
  planned.shape[0] = draft.shape[0] / draft.contributions.front().units * units;
  return true;
}

// Cuts the contributions where one begins or ends: what lies over each other is added up.
std::string Drafts::assemble(const Draft& draft, Planned& planned) {
  const Contribution& first = draft.contributions.front();
  const std::int64_t unit = draft.shape[0] / first.units;
  std::set<int> cuts;
  if (std::ranges::all_of(draft.contributions, [](const Contribution& one) { return one.part.computed != nullptr; }))
    return in_turn(draft, planned) ? "" : "made of quantized tensors that do not fit each other";
  for (const Contribution& one : draft.contributions) {
    if (one.part.computed) return "made of several, one of which is quantized";
    const Tensor& term = one.part.terms.front();
    if (one.part.combine != Combine::copy || term.shape.empty() || term.shape[0] != unit * one.units ||
        !std::equal(term.shape.begin() + 1, term.shape.end(), draft.shape.begin() + 1, draft.shape.end()))
      return fmt::format("made of tensors whose shapes do not fit: [{}] and [{}]", fmt::join(draft.shape, ", "),
                         fmt::join(term.shape, ", "));
    cuts.insert({one.at, one.at + one.units});
  }
  for (auto begin = cuts.begin(), end = std::next(begin); end != cuts.end(); begin = end++) {
    Part part;
    for (const Contribution& one : draft.contributions)
      if (one.at <= *begin && *end <= one.at + one.units)
        part.terms.push_back(rows_of(one.part.terms.front(), (*begin - one.at) * unit, (*end - one.at) * unit));
    if (part.terms.empty()) return "a part of it has no source";
    if (part.terms.size() > 1) part.combine = Combine::add;
    planned.parts.push_back(std::move(part));
  }
  planned.shape[0] = unit * *cuts.rbegin();
  return {};
}

}  // namespace torch2mlx::weights
