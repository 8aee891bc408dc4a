#include "python/sizes.h"

#include <algorithm>
#include <cctype>

#include "base/error.h"

namespace torch2mlx::python {
namespace {

using graph::Dim;

// Reads what Dim::str() prints. A sub-expression that has a name of its own is replaced by it.
class Reader {
 public:
  Reader(std::string_view text, const Sizes::Namer& name) : text_(text), name_(name) {}

  Expr sum() {
    Expr left = product();
    while (true) {
      if (accept('+'))
        left = {left.at_least(bind::sum) + " + " + product().at_least(bind::product), bind::sum};
      else if (accept('-'))
        left = {left.at_least(bind::sum) + " - " + product().at_least(bind::product), bind::sum};
      else
        return left;
    }
  }

 private:
  Expr product() {
    Expr left = factor();
    while (accept('*')) left = {left.at_least(bind::product) + " * " + factor().at_least(bind::sign), bind::product};
    return left;
  }

  Expr factor() {
    if (accept('-')) return {"-" + factor().at_least(bind::sign), bind::sign};
    if (accept('(')) {
      Expr inner = sum();
      accept(')');
      return inner;
    }
    const std::size_t begin = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_')) ++at_;
    const std::string word(text_.substr(begin, at_ - begin));
    if (word.empty()) throw Error(ErrorKind::unsupported, {}, "size '" + std::string(text_) + "' has no Python text");
    if (std::isdigit(static_cast<unsigned char>(word[0]))) return {word};
    if (at_ < text_.size() && text_[at_] == '(') return function(word, begin);
    return named(word);
  }

  // What has a name need not be told by names of its parts.
  Expr function(const std::string& word, std::size_t begin) {
    std::size_t end = at_ + 1;
    for (int depth = 1; depth > 0; ++end) depth += text_[end] == '(' ? 1 : text_[end] == ')' ? -1 : 0;
    if (const auto name = name_(Dim::parse(text_.substr(begin, end - begin)))) {
      at_ = end;
      return {*name};
    }
    ++at_;
    std::vector<Expr> args{sum()};
    while (accept(',')) args.push_back(sum());
    accept(')');
    if (args.size() == 2 && word == "floordiv")
      return {args[0].at_least(bind::product) + " // " + args[1].at_least(bind::sign), bind::product};
    if (args.size() == 2 && word == "mod")
      return {args[0].at_least(bind::product) + " % " + args[1].at_least(bind::sign), bind::product};
    std::string text;
    for (const Expr& arg : args) text += (text.empty() ? "" : ", ") + arg.text;
    return {word + "(" + text + ")"};
  }

  Expr named(const std::string& symbol) {
    const auto name = name_(Dim::symbol(symbol));
    if (!name) throw Error(ErrorKind::unsupported, {}, "size '" + symbol + "' is no size of any input");
    return {*name};
  }

  bool accept(char c) {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return true;
  }

  std::string_view text_;
  const Sizes::Namer& name_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<SizeSource> Sizes::find(const Dim& dim) const {
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const graph::Type& type = graph_.type(inputs_[i]);
    if (type.kind == graph::ValueKind::integer && type.size == dim) return SizeSource{i, npos};
    if (type.kind != graph::ValueKind::tensor) continue;
    for (std::size_t axis = 0; axis < type.shape.size(); ++axis)
      if (type.shape[axis] == dim) return SizeSource{i, axis};
  }
  return std::nullopt;
}

bool Sizes::derivable(const Dim& dim, const std::vector<Dim>& known) const {
  constexpr std::size_t longest = 24;
  bool uses_known = false;
  try {
    const Expr text = size_text(dim, [&](const Dim& part) -> std::optional<std::string> {
      if (find(part)) return "n";
      const bool is_known = std::ranges::find(known, part) != known.end();
      uses_known = uses_known || is_known;
      return is_known ? std::optional<std::string>("n") : std::nullopt;
    });
    return !uses_known || text.text.size() <= longest;
  } catch (const Error&) {  // some symbol is told by nothing
    return false;
  }
}

Expr size_text(const Dim& dim, const Sizes::Namer& name) {
  if (const auto value = dim.constant()) return {std::to_string(*value), *value < 0 ? bind::sign : bind::atom};
  if (const auto whole = name(dim)) return {*whole};
  const std::string text = dim.str();
  return Reader(text, name).sum();
}

}  // namespace torch2mlx::python
