// The case file: graph text, then sections, each the expected outcome of one step.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace torch2mlx::cases {

struct Section {
  std::string name;  // "mlx", "after", "python", "error"
  std::string text;  // whole lines
};

struct CaseFile {
  std::filesystem::path path;
  std::string top;
  std::vector<Section> sections;

  const Section* find(std::string_view name) const;
  // Names of the passes: those of a first line `# pass: a b c`, else the longest pass name that begins the file's.
  // Throws Error(input) if there is no such pass.
  std::vector<std::string> passes() const;
  std::string str() const;
};

// Throws Error(input) if the file cannot be read or a section is unknown or given twice.
CaseFile read_case(const std::filesystem::path& path);

// Empty if equal; else both texts, line by line: "  " in both, "- " expected only, "+ " got only.
std::string difference(std::string_view expected, std::string_view got);

}  // namespace torch2mlx::cases
