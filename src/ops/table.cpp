#include "ops/table.h"

#include <map>
#include <vector>

#include "ops/call.h"
#include "ops/families.h"

namespace torch2mlx::ops {
namespace {

struct Entry {
  const Info* info;
  Call call;
};

template <auto F> Call call_of(const Op<F>&) { return &call<F>; }

const std::map<std::string_view, Entry>& entries() {
  static const auto table = [] {
    std::map<std::string_view, Entry> entries;
    std::size_t i = 0;
    detail::for_each_row([&](const auto& row) {
      const Info& info = infos[i++];
      entries.emplace(info.name, Entry{&info, call_of(row)});
    });
    return entries;
  }();
  return table;
}

}  // namespace

const Info* find(std::string_view name) {
  const auto it = entries().find(name);
  return it == entries().end() ? nullptr : it->second.info;
}

std::span<const Info* const> all() {
  static const auto list = [] {
    std::vector<const Info*> list;
    for (const auto& [name, entry] : entries()) list.push_back(entry.info);
    return list;
  }();
  return list;
}

Slots call(const Info& op, const Slots& arguments) { return entries().at(op.name).call(arguments); }

}  // namespace torch2mlx::ops
