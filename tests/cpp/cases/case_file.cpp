#include "case_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "base/error.h"
#include "passes/pipeline.h"

namespace torch2mlx::cases {
namespace {

constexpr std::array known{"functional", "mlx", "after", "python", "error"};
constexpr std::string_view separator = "---- ";

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string longest_pass(const std::string& stem) {
  std::string_view best;
  for (const passes::Pass& pass : passes::pipeline())
    if (stem.starts_with(pass.name) && pass.name.size() > best.size()) best = pass.name;
  return std::string(best);
}

}  // namespace

const Section* CaseFile::find(std::string_view name) const {
  const auto it = std::ranges::find(sections, name, &Section::name);
  return it == sections.end() ? nullptr : &*it;
}

std::vector<std::string> CaseFile::passes() const {
  constexpr std::string_view heading = "# pass: ";
  std::vector<std::string> names;
  if (top.starts_with(heading)) {
    std::istringstream in(top.substr(heading.size(), top.find('\n') - heading.size()));
    for (std::string name; in >> name;) names.push_back(name);
  } else {
    names.push_back(longest_pass(path.stem().string()));
  }
  for (const std::string& name : names)
    if (!torch2mlx::passes::find_pass(name))
      throw Error(ErrorKind::input, path.string(),
                  fmt::format("'{}' is not a pass", name.empty() ? path.stem().string() : name));
  return names;
}

std::string CaseFile::str() const {
  std::string text = top;
  for (const Section& section : sections) text += fmt::format("{}{}\n{}", separator, section.name, section.text);
  return text;
}

CaseFile read_case(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(ErrorKind::input, path.string(), "cannot be read");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  CaseFile file{path, {}, {}};
  for (const std::string& line : lines_of(text)) {
    if (!line.starts_with(separator)) {
      (file.sections.empty() ? file.top : file.sections.back().text) += line + "\n";
      continue;
    }
    const std::string name = line.substr(separator.size());
    if (std::ranges::find(known, name) == known.end() || file.find(name))
      throw Error(ErrorKind::input, path.string(), fmt::format("section '{}' is unknown or there twice", name));
    file.sections.push_back({name, {}});
  }
  return file;
}

std::string difference(std::string_view expected, std::string_view got) {
  if (expected == got) return {};
  const std::vector<std::string> a = lines_of(expected), b = lines_of(got);
  // longest[i][j]: lines that a from i on and b from j on have in common.
  std::vector longest(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = a.size(); i-- > 0;)
    for (std::size_t j = b.size(); j-- > 0;)
      longest[i][j] = a[i] == b[j] ? longest[i + 1][j + 1] + 1 : std::max(longest[i + 1][j], longest[i][j + 1]);
  std::string text;
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    if (i < a.size() && j < b.size() && a[i] == b[j])
      text += "  " + a[i++] + "\n", ++j;
    else if (j == b.size() || (i < a.size() && longest[i + 1][j] >= longest[i][j + 1]))
      text += "- " + a[i++] + "\n";
    else
      text += "+ " + b[j++] + "\n";
  }
  return text;
}

}  // namespace torch2mlx::cases
