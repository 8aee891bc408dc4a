// The root's `__call__`: the user's arguments in, the user's structure out.
#pragma once

#include "python/function.h"
#include "python/size_checks.h"
#include "python/source.h"

namespace torch2mlx::python {

// A NamedTuple that the root returns where PyTorch returns a ModelOutput.
struct NamedResult {
  std::string name;
  std::vector<std::string> fields, annotations;
};

class RootWriter : public FunctionWriter {
 public:
  RootWriter(const Context& context, Classes& classes, Constants& constants, const Class& target,
             const Options& options);

  const std::vector<NamedResult>& named_results() const { return named_; }
  // Statements that refuse arguments which the trace does not cover.
  std::string argument_checks() const;
  const std::vector<SizeCheck>& size_checks() const { return size_checks_; }

 protected:
  std::vector<std::string> bind_arguments() override;
  std::vector<std::string> finish() override;
  bool may_inline_results() const override;

 private:
  std::vector<std::string> argument_order() const;
  std::vector<std::string> signature_of(const std::vector<std::string>& order) const;
  bool is_absent(const std::string& name) const;
  std::string absent_check() const;
  std::string fixed_check() const;
  std::vector<std::string> keep_old_state();
  std::string tree_text(const graph::Tree& tree, std::size_t& leaf);
  std::string leaf_text(std::size_t leaf);
  std::optional<std::string> list_of(const std::vector<graph::Arg>& leaves) const;
  std::optional<std::string> lists_text(const graph::Tree& tree, std::size_t begin) const;
  std::vector<const graph::Output*> results() const;

  const Options& options_;
  const std::vector<SizeCheck> size_checks_;
  std::vector<NamedResult> named_;
  std::vector<std::string> named_absent_;  // have a place in the signature; the others come as **absent
  bool collects_absent_ = false;
};

// Class names of the ModelOutputs in the results.
std::vector<std::string> result_class_names(const graph::Tree& tree);

}  // namespace torch2mlx::python
