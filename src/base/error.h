// The one exception type of the library: where, what, and what to do about it.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace torch2mlx {

enum class ErrorKind {
  input,        // unreadable, damaged or refused file; wrong argument
  unsupported,  // an op, layer or dtype that cannot be converted exactly
  verification  // PyTorch and MLX disagree
};

class Error : public std::runtime_error {
 public:
  // `place`: "weights.pt: data.pkl, byte 1042" or "node 37 'histc' (layers.3, model.py:412)".
  // `details`: one line for each of several problems found in one go, each with its own place.
  Error(ErrorKind kind, std::string place, std::string message, std::string hint = {},
        std::vector<std::string> details = {});

  ErrorKind kind() const { return kind_; }
  const std::string& place() const { return place_; }
  const std::string& message() const { return message_; }
  const std::string& hint() const { return hint_; }
  const std::vector<std::string>& details() const { return details_; }

  // The same error seen from further out: "outer: place".
  Error within(std::string_view outer) const;

 private:
  ErrorKind kind_;
  std::string place_, message_, hint_;
  std::vector<std::string> details_;
};

// Text from a file made fit for a terminal: control and non-UTF-8 bytes escaped, cut at `limit` bytes.
std::string printable(std::string_view text, std::size_t limit = 200);

}  // namespace torch2mlx
