// Checks case files: case_runner [--update] FILE...      case_runner --complete ROOT
// A failure prints the section as expected ("- ") and as it came out ("+ "); --update writes it into the file.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>

#include "base/error.h"
#include "cases/case_file.h"
#include "cases/complete.h"
#include "cases/normal_text.h"
#include "ops/check.h"
#include "ops/functionalize.h"
#include "ops/infer.h"
#include "ops/lower.h"
#include "passes/pipeline.h"
#include "python/source.h"

namespace torch2mlx::cases {
namespace {

using graph::Graph;

bool is_mlx(const Graph& graph) {
  return std::ranges::all_of(graph.nodes, [](const graph::Node& node) { return ops::find(node.op) != nullptr; });
}

// The statements of the root class's __call__, without its indentation.
std::string call_body(const std::string& source) {
  const std::size_t call = source.rfind("    def __call__(");
  std::string body;
  for (std::size_t at = call == source.npos ? call : source.find("):\n", call); at != source.npos;) {
    at = source.find('\n', at) + 1;
    if (source.compare(at, 8, "        ") != 0) break;
    const std::size_t end = source.find('\n', at);
    body += source.substr(at + 8, end - at - 7);
    at = end;
  }
  return body;
}

std::string error_text(const Error& error) {
  std::string text = std::string(error.what()) + "\n";
  for (const std::string& detail : error.details()) text += "  " + detail + "\n";
  return text;
}

// A case as it comes out. Steps are run once each, and only as far as the file's sections ask.
class Run {
 public:
  explicit Run(const CaseFile& file) : file_(file) {}

  // One text a section, in the form in which it is compared, or written with `rename` false.
  std::map<std::string, std::string> outcome(bool rename) {
    std::map<std::string, std::string> sections;
    try {
      Graph graph = start();
      const bool lowers = !is_mlx(graph), fresh = file_.sections.empty();
      if (auto functional = lowers ? ops::functionalize(graph) : std::nullopt;
          functional && functional->problems.empty())
        sections["functional"] = text(normal_text(std::move(functional->graph), true), rename);
      if (lowers) {
        graph = ops::lower_graph(graph);
        check_text(graph);
        ops::check(graph);
        sections["mlx"] = text(normal_text(graph, true), rename);
      }
      if (file_.find("after") || (fresh && !lowers)) {
        graph = passed(std::move(graph));
        sections["after"] = text(normal_text(graph, rename), true);
      }
      if (file_.find("python") || (fresh && lowers))
        sections["python"] = call_body(python::generate(graph, {.checks_sizes = false}).text);
    } catch (const Error& error) {
      sections["error"] = error_text(error);
    }
    return sections;
  }

  // An expected section in the form in which it is compared.
  std::string expected(const Section& section) {
    if (section.name == "python" || section.name == "error") return section.text;
    return text(normal_text(parse_section(section.text, header_), true), true);
  }

 private:
  Graph start() {
    Graph graph = parse_case(file_.top);
    header_ = normal_text(graph, false).header;
    check_text(graph);
    return graph;
  }

  Graph passed(Graph graph) const {
    for (const std::string& name : file_.passes()) {
      passes::find_pass(name)->run(graph);
      passes::verify(graph, name);
    }
    return graph;
  }

  // Inputs are left out where they are those of the file's top.
  std::string text(const NormalText& normal, bool whole) const {
    return whole || normal.header != header_ ? normal.header + normal.body : normal.body;
  }

  const CaseFile& file_;
  std::string header_;
};

// What is wrong with a section; empty if nothing is.
std::string failure(Run& run, const std::map<std::string, std::string>& got, const Section& section) {
  if (const auto it = got.find(section.name); it != got.end()) try {
      return difference(run.expected(section), it->second);
    } catch (const Error& error) {
      return "the section itself: " + error_text(error);
    }
  const auto error = got.find("error");
  return error == got.end() ? "nothing came out\n" : error->second;
}

bool check(const CaseFile& file) {
  if (file.sections.empty()) throw Error(ErrorKind::input, file.path.string(), "it has no sections");
  Run run(file);
  const auto got = run.outcome(true);
  bool good = true;
  for (const Section& section : file.sections) {
    const std::string text = failure(run, got, section);
    if (!text.empty()) fmt::print("{}: {}\n{}", file.path.string(), section.name, text);
    good = good && text.empty();
  }
  return good;
}

void update(CaseFile file) {
  const auto got = Run(file).outcome(false);
  if (file.sections.empty())
    for (const char* name : {"functional", "mlx", "after", "python", "error"})
      if (got.contains(name)) file.sections.push_back({name, {}});
  for (Section& section : file.sections) {
    const auto it = got.find(section.name);
    if (it == got.end())
      throw Error(ErrorKind::input, file.path.string(), got.contains("error") ? got.at("error") : "no error came out");
    section.text = it->second;
  }
  std::ofstream(file.path, std::ios::binary) << file.str();
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.size() == 2 && arguments[0] == "--complete") {
    const std::vector<std::string> missing = incomplete(arguments[1]);
    for (const std::string& line : missing) fmt::print("{}\n", line);
    return missing.empty() ? 0 : 1;
  }
  const bool writes = !arguments.empty() && arguments[0] == "--update";
  bool good = true;
  for (std::size_t i = writes ? 1 : 0; i < arguments.size(); ++i) try {
      if (writes)
        update(read_case(arguments[i]));
      else
        good = check(read_case(arguments[i])) && good;
    } catch (const std::exception& error) {
      fmt::print("{}: {}\n", arguments[i], error.what());
      good = false;
    }
  return good ? 0 : 1;
}

}  // namespace
}  // namespace torch2mlx::cases

int main(int argc, char** argv) {
  try {
    return torch2mlx::cases::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    fmt::print("{}\n", error.what());
    return 1;
  }
}
