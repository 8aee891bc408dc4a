// What type inference knows a call by.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "graph/graph.h"

namespace torch2mlx::ops {

// A text that two calls share if they give results of the same types.
class CallKey {
 public:
  explicit CallKey(std::string_view op) : text_(op) { text_ += '\0'; }

  void add(const graph::Graph& graph, const graph::Arg& arg) {
    bytes(arg.index());
    std::visit(
        [&](const auto& value) {
          using T = std::decay_t<decltype(value)>;
          if constexpr (std::is_same_v<T, graph::Ref>) {
            add(graph.type(value));
          } else if constexpr (std::is_same_v<T, graph::List>) {
            bytes(value.size());
            for (const graph::Arg& item : value) add(graph, item);
          } else if constexpr (std::is_same_v<T, std::string>) {
            bytes(value.size());
            text_ += value;
          } else if constexpr (!std::is_same_v<T, std::monostate>) {
            bytes(value);
          }
        },
        static_cast<const graph::Arg::variant&>(arg));
  }
  void add(const graph::Type& type) {
    bytes(type.kind);
    bytes(type.dtype);
    bytes(type.shape.size());
    for (const graph::Dim& dim : type.shape) add(dim);
    bytes(type.size.has_value());
    if (type.size) add(*type.size);
  }
  std::string text() && { return std::move(text_); }

 private:
  void add(const graph::Dim& dim) {
    const auto number = dim.constant();
    bytes(number.has_value());
    if (number) return bytes(*number);
    text_ += dim.str();
    text_ += '\0';
  }
  template <class T>
  void bytes(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    text_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

  std::string text_;
};

}  // namespace torch2mlx::ops
