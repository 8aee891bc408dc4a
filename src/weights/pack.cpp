#include "weights/pack.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "layers/layers.h"
#include "weights/by_output.h"
#include "weights/patterns.h"

namespace torch2mlx::weights {
namespace {

bool is_weight(const Planned& planned) { return planned.name.ends_with(".weight") && is_floating(planned.dtype); }

bool is_matrix(const Planned& planned, std::string_view layer) {
  if (!is_weight(planned) || planned.shape.size() != 2) return false;
  if (layer.empty()) return true;
  const auto* row = layers::find(layer);
  return row && (row->mlx == "nn.Linear" || row->mlx == "nn.Embedding" || row->mlx == "nn.MultiHeadAttention");
}

std::string_view module_of(std::string_view key) {
  return key.substr(0, key.size() - std::string_view(".weight").size());
}

class Packer {
 public:
  explicit Packer(Plan& plan) : plan_(plan), sources_(std::in_place, plan.report.tensors) {}

  void run(const QuantizeOptions& options, std::string_view model_type) {
    const QuantRules rules(options, matrices(), model_type);
    for (const auto& rule : options.rules) require_match(rule.first);
    int left = 0, stacks = 0;
    for (Planned& planned : plan_.tensors) {
      const std::string_view layer = layer_of(planned);
      const bool matrix = is_matrix(planned, layer) || plan_.stacked.contains(planned.name);
      // Of more axes it may be a convolution or matrices of experts: a rule that names it says the latter.
      const bool stack = !matrix && is_weight(planned) && planned.shape.size() > 2 && layer.empty();
      const bool wanted = matrix || (stack && rules.name(module_of(planned.name)));
      const auto how = wanted ? rules.find(module_of(planned.name), planned.shape.back()) : std::nullopt;
      left += matrix && !how;
      stacks += stack && !how;
      if (how) pack(planned, *how);
    }
    plan_.record.sources.sort();
    sources_.reset();
    add_pieces();
    if (left != 0)
      plan_.report.notes.push_back(fmt::format("{} matrices are not quantized: by rule or row length", left));
    if (stacks != 0)
      plan_.report.notes.push_back(fmt::format(
          "{} weights of more than two axes are not quantized: --quant-predicate 'PATTERN=BITS' names those "
          "that are stacked matrices",
          stacks));
  }

 private:
  std::string_view layer_of(const Planned& planned) const {
    return plan_.report.tensors[sources_->find(planned.name).front().source].layer;
  }

  // The paths of all modules that own one.
  std::vector<std::string_view> matrices() const {
    std::vector<std::string_view> paths;
    for (const Planned& planned : plan_.tensors)
      if (is_matrix(planned, layer_of(planned))) paths.push_back(module_of(planned.name));
    return paths;
  }

  void require_match(const std::string& pattern) const {
    const auto fits = [&](const Planned& planned) {
      const std::string_view name = planned.name;
      return matches_path(pattern, name.substr(0, name.rfind('.')));
    };
    if (std::ranges::none_of(plan_.tensors, fits))
      throw Error(ErrorKind::input, fmt::format("--quant-predicate {}", printable(pattern)), "matches no module",
                  "`torch2mlx inspect` lists the keys");
  }

  void pack(Planned& planned, const Quantization& how) {
    plan_.report.quantized.push_back({planned.name, how});
    for (const auto& entry : sources_->find(planned.name)) {
      TensorReport& source = plan_.report.tensors[entry.source];
      source.how =
          texts_(fmt::format("{}{}{}", std::string_view(source.how), source.how.empty() ? "" : ", ", describe(how)));
      const SourceRecord* known = plan_.record.sources.find(source.name);
      SourceRecord record = known ? *known : SourceRecord();
      record.quantization = how;
      record.quantized_from = planned.dtype;
      plan_.record.sources.put(source.name, std::move(record));
    }
    planned.packing = index_of({how, planned.dtype});
    planned.dtype = Dtype::uint32;
  }

  std::uint16_t index_of(const Packing& packing) {
    auto& known = plan_.packings;
    const auto it = std::ranges::find(known, packing);
    const auto index = it - known.begin();
    if (it == known.end()) known.push_back(packing);
    return static_cast<std::uint16_t>(index + 1);
  }

  // Scales and biases before each packed matrix, whose shape becomes that of its words. From the end on, in place.
  void add_pieces() {
    auto& tensors = plan_.tensors;
    std::size_t from = tensors.size(), to = from;
    for (const Planned& planned : tensors)
      if (const Packing* packing = plan_.packing_of(planned)) to += row(packing->quantization.mode).has_biases ? 2 : 1;
    tensors.resize(to);
    while (from != to) {
      Planned planned = std::move(tensors[--from]);
      const Packing* packing = plan_.packing_of(planned);
      std::optional<Planned> scales;
      if (packing) {
        const Quantization& how = packing->quantization;
        std::vector<std::int64_t> words = planned.shape, per_group = words;
        words.back() = words_per_row(how, words.back());
        per_group.back() = groups_per_row(how, per_group.back());
        planned.shape = shapes_(words);
        scales = Planned{.name = planned.name,
                         .dtype = scale_dtype(how, packing->dtype),
                         .piece = Piece::scales,
                         .shape = shapes_(per_group),
                         .parts = {}};
      }
      tensors[--to] = std::move(planned);
      if (!scales) continue;
      if (row(packing->quantization.mode).has_biases) {
        tensors[--to] = *scales;
        tensors[to].piece = Piece::biases;
      }
      tensors[--to] = *scales;
    }
  }

  Plan& plan_;
  std::optional<ByOutput> sources_;  // until outputs get new places
  Pool<Sizes> shapes_;
  Pool<Text> texts_;
};

}  // namespace

void pack_matrices(Plan& plan, const QuantizeOptions& options, std::string_view model_type) {
  Packer(plan).run(options, model_type);
}

}  // namespace torch2mlx::weights
