#include "weights/select.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "weights/adapter.h"
#include "weights/patterns.h"

namespace torch2mlx {
namespace {

// Whether any matches; those that do are noted.
class Patterns {
 public:
  Patterns(const char* option, const std::vector<std::string>& texts)
      : option_(option), texts_(texts), met_(texts.size()) {}

  bool empty() const { return texts_.empty(); }

  bool match(std::string_view key) {
    bool found = false;
    for (std::size_t i = 0; i < texts_.size(); ++i)
      if (weights::matches_key(texts_[i], key)) found = met_[i] = true;
    return found;
  }

  void require_met() const {
    for (std::size_t i = 0; i < texts_.size(); ++i)
      if (!met_[i])
        throw Error(ErrorKind::input, fmt::format("{} {}", option_, printable(texts_[i])), "matches no tensor",
                    "`torch2mlx inspect` lists the keys");
  }

 private:
  const char* option_;
  const std::vector<std::string>& texts_;
  std::vector<bool> met_;
};

}  // namespace

Checkpoint select(Checkpoint checkpoint, const std::vector<std::string>& only, const std::vector<std::string>& skip) {
  Patterns wanted("--only", only), unwanted("--skip", skip);
  std::vector<Tensor> kept;
  kept.reserve(checkpoint.tensors.size());
  for (Tensor& tensor : checkpoint.tensors) {
    const bool in = wanted.match(tensor.name), out = unwanted.match(tensor.name);
    if ((wanted.empty() || in) && !out)
      kept.push_back(std::move(tensor));
    else
      checkpoint.left_out.emplace_back(tensor.name, out ? "--skip" : "--only");
  }
  wanted.require_met();
  unwanted.require_met();
  if (kept.empty())
    throw Error(ErrorKind::input, only.empty() ? "--skip" : "--only", "no tensor is left",
                "`torch2mlx inspect` lists the keys");
  checkpoint.tensors = std::move(kept);
  return checkpoint;
}

Checkpoint prepare(Checkpoint checkpoint, const Selection& selection) {
  std::vector<std::string> skip = selection.skip;
  if (!selection.adapter.empty()) {
    const Checkpoint adapter = open_adapter(selection.adapter);
    checkpoint = merge(std::move(checkpoint), read_adapter(adapter, selection.skip));
    const auto matches_any = [](const std::string& pattern, const Checkpoint& in) {
      return std::ranges::any_of(in.tensors, [&](const Tensor& t) { return weights::matches_key(pattern, t.name); });
    };
    std::erase_if(skip, [&](const std::string& pattern) {  // of the adapter alone
      return matches_any(pattern, adapter) && !matches_any(pattern, checkpoint);
    });
  }
  if (selection.only.empty() && skip.empty()) return checkpoint;
  return select(std::move(checkpoint), selection.only, skip);
}

}  // namespace torch2mlx
