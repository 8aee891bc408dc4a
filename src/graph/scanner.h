// Reads the text form of graphs, line by line.
#pragma once

#include <string>
#include <string_view>

#include "graph/graph.h"

namespace torch2mlx::graph {

// Copies are cheap and mark a place to go back to. Everything throws Error(input) with line and column.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool next_line();  // the next line that is not blank or a comment; false at the end
  void end_of_line();

  bool take(std::string_view token);    // skips blanks first
  bool keyword(std::string_view word);  // take() of a whole word
  void expect(std::string_view token);
  bool at_end();
  bool ahead(char c);
  bool digit_ahead();
  bool number_ahead();
  bool word_ahead();
  bool assignment_ahead();  // does `name, name =` come next?

  std::string word(std::string_view wanted);  // letters, digits, '_' and '.'
  std::string string();                       // "..." with \" \\ \n
  std::int64_t integer();
  Arg number();                                        // int64 or double
  std::string until(std::string_view stops);           // up to one of the characters, trimmed
  std::string until_unnested(std::string_view stops);  // the same outside brackets

  [[noreturn]] void fail(std::string message) const;

 private:
  void skip();
  std::string_view rest_, line_;
  std::size_t at_ = 0;
  int number_ = 0;
};

}  // namespace torch2mlx::graph
