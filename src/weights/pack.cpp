#include "weights/pack.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.h"
#include "layers/layers.h"
#include "weights/patterns.h"

namespace torch2mlx::weights {
namespace {

bool is_weight(const Planned& planned) { return planned.name.ends_with(".weight") && is_floating(planned.dtype); }

bool is_matrix(const Planned& planned, const std::string& layer) {
  if (!is_weight(planned) || planned.shape.size() != 2) return false;
  if (layer.empty()) return true;
  const auto* row = layers::find(layer);
  return row && (row->mlx == "nn.Linear" || row->mlx == "nn.Embedding" || row->mlx == "nn.MultiHeadAttention");
}

std::string module_of(const std::string& key) { return key.substr(0, key.size() - std::string_view(".weight").size()); }

class Packer {
 public:
  explicit Packer(Plan& plan) : plan_(plan) {
    for (TensorReport& source : plan_.report.tensors) {
      if (source.outputs.empty()) sources_[source.name].push_back(&source);
      for (const Text& output : source.outputs) sources_[output].push_back(&source);
    }
  }

  void run(const QuantizeOptions& options, std::string_view model_type) {
    std::vector<std::string> paths;
    for (const Planned& planned : plan_.tensors)
      if (is_matrix(planned, source_of(planned).layer)) paths.push_back(module_of(planned.name));
    const QuantRules rules(options, paths, model_type);
    for (const auto& rule : options.rules) require_match(rule.first);
    int left = 0, stacks = 0;
    for (Planned& planned : plan_.tensors) {
      const std::string& layer = source_of(planned).layer;
      const bool matrix = is_matrix(planned, layer) || plan_.stacked.contains(planned.name);
      // Of more axes it may be a convolution or matrices of experts: a rule that names it says the latter.
      const bool stack = !matrix && is_weight(planned) && planned.shape.size() > 2 && layer.empty();
      const bool wanted = matrix || (stack && rules.name(module_of(planned.name)));
      const auto how = wanted ? rules.find(module_of(planned.name), planned.shape.back()) : std::nullopt;
      left += matrix && !how;
      stacks += stack && !how;
      if (how) pack(planned, *how);
      outputs_.push_back(std::move(planned));
    }
    plan_.tensors = std::move(outputs_);
    if (left != 0)
      plan_.report.notes.push_back(fmt::format("{} matrices are not quantized: by rule or row length", left));
    if (stacks != 0)
      plan_.report.notes.push_back(fmt::format(
          "{} weights of more than two axes are not quantized: --quant-predicate 'PATTERN=BITS' names those "
          "that are stacked matrices",
          stacks));
  }

 private:
  void require_match(const std::string& pattern) const {
    const auto fits = [&](const Planned& planned) {
      const std::string_view name = planned.name;
      return matches(pattern, name.substr(0, name.rfind('.')));
    };
    if (std::ranges::none_of(plan_.tensors, fits))
      throw Error(ErrorKind::input, fmt::format("--quant-predicate {}", printable(pattern)), "matches no module",
                  "`torch2mlx inspect` lists the keys");
  }

  const TensorReport& source_of(const Planned& planned) { return *sources_.at(planned.name).front(); }

  void pack(Planned& planned, const Quantization& how) {
    const std::string path = module_of(planned.name);
    Packing packing{how, planned.dtype, path + ".scales", row(how.mode).has_biases ? path + ".biases" : ""};
    std::vector<std::int64_t> per_group = planned.shape, words = planned.shape;
    words.back() = words_per_row(how, words.back());
    per_group.back() = groups_per_row(how, planned.shape.back());
    for (const std::string& name : {packing.scales, packing.biases})
      if (!name.empty())
        outputs_.push_back({.name = name, .dtype = scale_dtype(how, planned.dtype), .shape = per_group, .parts = {}});
    plan_.report.quantized.emplace(path, how);
    for (TensorReport* source : sources_.at(planned.name)) {
      source->how =
          fmt::format("{}{}{}", std::string_view(source->how), source->how.empty() ? "" : ", ", describe(how));
      SourceRecord& record = plan_.record.sources[source->name];
      record.quantization = how;
      record.quantized_from = planned.dtype;
    }
    planned.shape = words;
    planned.packing = std::make_shared<const Packing>(std::move(packing));
    planned.dtype = Dtype::uint32;
  }

  Plan& plan_;
  std::map<std::string_view, std::vector<TensorReport*>> sources_;
  std::vector<Planned> outputs_;
};

}  // namespace

void pack_matrices(Plan& plan, const QuantizeOptions& options, std::string_view model_type) {
  Packer(plan).run(options, model_type);
}

}  // namespace torch2mlx::weights
