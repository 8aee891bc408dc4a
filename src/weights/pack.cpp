#include "weights/pack.h"

#include <fmt/format.h>

#include <map>

#include "layers/layers.h"

namespace torch2mlx::weights {
namespace {

bool is_matrix(const Planned& planned, const std::string& layer) {
  if (!planned.name.ends_with(".weight") || planned.shape.size() != 2 || !is_floating(planned.dtype)) return false;
  if (layer.empty()) return true;
  const auto* row = layers::find(layer);
  return row && (row->mlx == "nn.Linear" || row->mlx == "nn.Embedding" || row->mlx == "nn.MultiHeadAttention");
}

std::string module_of(const std::string& key) { return key.substr(0, key.size() - std::string_view(".weight").size()); }

class Packer {
 public:
  explicit Packer(Plan& plan) : plan_(plan) {
    for (TensorReport& source : plan_.report.tensors) {
      if (source.outputs.empty()) sources_.emplace(source.name, &source);
      for (const std::string& output : source.outputs) sources_.emplace(output, &source);
    }
  }

  void run(const QuantizeOptions& options) {
    std::vector<std::string> paths;
    for (const Planned& planned : plan_.tensors)
      if (is_matrix(planned, source_of(planned).layer)) paths.push_back(module_of(planned.name));
    const QuantRules rules(options, paths);
    int left = 0;
    for (Planned& planned : plan_.tensors) {
      const bool matrix = is_matrix(planned, source_of(planned).layer);
      const auto how = matrix ? rules.find(module_of(planned.name), planned.shape[1]) : std::nullopt;
      left += matrix && !how;
      if (how) pack(planned, *how);
      outputs_.push_back(std::move(planned));
    }
    plan_.tensors = std::move(outputs_);
    if (left != 0)
      plan_.report.notes.push_back(fmt::format("{} matrices are not quantized: by rule or row length", left));
  }

 private:
  TensorReport& source_of(const Planned& planned) { return *sources_.at(planned.name); }

  void pack(Planned& planned, const Quantization& how) {
    const std::string path = module_of(planned.name);
    Packing packing{how, planned.dtype, path + ".scales", row(how.mode).has_biases ? path + ".biases" : ""};
    const std::vector<std::int64_t> per_group{planned.shape[0], groups_per_row(how, planned.shape[1])};
    for (const std::string& name : {packing.scales, packing.biases})
      if (!name.empty())
        outputs_.push_back({.name = name, .dtype = scale_dtype(how, planned.dtype), .shape = per_group, .parts = {}});
    plan_.report.quantized.emplace(path, how);
    TensorReport& source = source_of(planned);
    source.how += fmt::format("{}{}", source.how.empty() ? "" : ", ", describe(how));
    SourceRecord& record = plan_.record.sources[source.name];
    record.quantization = how;
    record.quantized_from = planned.dtype;
    planned.shape[1] = words_per_row(how, planned.shape[1]);
    planned.packing = std::move(packing);
    planned.dtype = Dtype::uint32;
  }

  Plan& plan_;
  std::map<std::string_view, TensorReport*> sources_;
  std::vector<Planned> outputs_;
};

}  // namespace

void pack_matrices(Plan& plan, const QuantizeOptions& options) { Packer(plan).run(options); }

}  // namespace torch2mlx::weights
