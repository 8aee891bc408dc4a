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

template <auto F>
Call call_of(const Op<F>&) {
  return &call<F>;
}

const std::map<std::string_view, Entry>& entries() {
  static const auto table = [] {
    std::map<std::string_view, Entry> by_name;
    std::size_t i = 0;
    detail::for_each_row([&](const auto& row) {
      const Info& info = infos[i++];
      by_name.emplace(info.name, Entry{&info, call_of(row)});
    });
    return by_name;
  }();
  return table;
}

}  // namespace

const Info* find(std::string_view name) {
  const auto it = entries().find(name);
  return it == entries().end() ? nullptr : it->second.info;
}

bool draws(std::string_view name) {
  const Info* info = find(name);
  return info && info->draws;
}

bool requires_condition(std::string_view name) {
  const Info* info = find(name);
  return info && info->requires_condition;
}

std::span<const Info* const> all() {
  static const auto list = [] {
    std::vector<const Info*> infos_by_name;
    for (const auto& [name, entry] : entries()) infos_by_name.push_back(entry.info);
    return infos_by_name;
  }();
  return list;
}

Slots call(const Info& op, const Slots& arguments) { return entries().at(op.name).call(arguments); }

}  // namespace torch2mlx::ops
