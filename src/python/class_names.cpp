#include "python/class_names.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace torch2mlx::python {
namespace {

using Words = std::vector<std::string>;

// More of them read worse than a number; and of how many those are chosen.
constexpr std::size_t most_traits = 3, most_known = 12;

// "T5LayerNorm" -> T5, Layer, Norm
Words words_of(std::string_view name) {
  Words words;
  const auto upper = [&](std::size_t i) {
    return i < name.size() && std::isupper(static_cast<unsigned char>(name[i])) != 0;
  };
  const auto lower = [&](std::size_t i) {
    return i < name.size() && std::islower(static_cast<unsigned char>(name[i])) != 0;
  };
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (words.empty() || (upper(i) && (!upper(i - 1) || lower(i + 1)))) words.emplace_back();
    words.back() += name[i];
  }
  return words;
}

std::string joined(const Words& words) {
  std::string name;
  for (const std::string& word : words) name += word;
  return name;
}

// "Attn" for "Attention"
bool abbreviates(std::string_view part, std::string_view whole) {
  if (part.empty() || part[0] != whole[0]) return false;
  std::size_t at = 0;
  return std::ranges::all_of(part, [&](char c) {
    at = whole.find(c, at);
    return at++ != whole.npos;
  });
}

// Something that can be said of where a module is: "Decoder", "First", "SelfAttn"; "" where it does not apply.
struct Trait {
  enum class Kind : std::uint8_t { from_top, first, last, own, child } kind;  // in the order of their words
  std::size_t depth = 0;  // from_top: among the names of the path; first, last: among its indices, from the end
  std::string child = {};
};

struct Path {
  Words names;
  std::vector<std::size_t> indices;  // the nearest first
};

Path path_of(const std::string& dotted) {
  Path path;
  for (const std::string& part : parts(dotted))
    if (const auto index = list_index(part))
      path.indices.push_back(*index);
    else
      path.names.push_back(part);
  std::ranges::reverse(path.indices);
  return path;
}

struct Variant {
  std::size_t index = 0;  // of the class
  std::vector<Path> paths;
};

// The words before the name go behind the model's own, "T5": T5 + Encoder + Attention. What both say is said once.
std::string labelled(const Words& root, const std::string& name, Words before, const std::string& behind) {
  const Words own = words_of(name);
  const auto common = std::ranges::mismatch(root, own).in2 - own.begin();
  const auto start = std::min(common, std::ssize(own) - 1);
  Words rest(own.begin() + start, own.end());
  const bool said = !before.empty() && (before.back() == rest[0] || abbreviates(before.back(), rest[0]));
  if (said) before.pop_back();
  Words whole(own.begin(), own.begin() + start);
  whole.insert(whole.end(), before.begin(), before.end());
  whole.insert(whole.end(), rest.begin(), rest.end());
  return joined(whole) + behind;
}

// Classes that would have the same name.
class Group {
 public:
  Group(const Classes& classes, std::vector<Variant> variants) : classes_(classes), variants_(std::move(variants)) {
    for (const Variant& variant : variants_)
      for (const Path& path : variant.paths)
        for (std::size_t i = 0; i < path.indices.size(); ++i) {
          largest_.resize(std::max(largest_.size(), i + 1));
          largest_[i] = std::max(largest_[i], path.indices[i]);
        }
  }

  // A name for each variant. `model`: the words of the root's.
  std::vector<std::string> names(const Words& model, const std::string& name) const {
    const std::vector<Trait> known = traits();
    std::vector<Trait> best;
    for (std::size_t count = 1; count <= most_traits && best.empty(); ++count) {
      if (count > known.size()) break;
      std::vector<char> chosen(known.size());
      std::fill(chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(count), char{1});
      do {
        std::vector<Trait> some;
        for (std::size_t i = 0; i < known.size(); ++i)
          if (chosen[i]) some.push_back(known[i]);
        std::ranges::stable_sort(some, {}, &Trait::kind);
        if (tell_apart(some)) best = some;
      } while (best.empty() && std::ranges::prev_permutation(chosen).found);
    }
    for (const bool shortened : {true, false}) {
      std::vector<std::string> found;
      for (const Variant& variant : variants_) {
        const auto [before, behind] = label(variant, shortened ? without_needless(variant, best) : best);
        found.push_back(labelled(model, name, before, behind));
      }
      if (!shortened || std::set(found.begin(), found.end()).size() == found.size()) return found;
    }
    return {};
  }

 private:
  std::vector<Trait> traits() const {
    std::size_t depth = 0, indices = 0;
    std::set<std::string> children;
    for (const Variant& variant : variants_) {
      for (const auto& child : module(variant).children) children.insert(child->name);
      for (const Path& path : variant.paths) {
        depth = std::max(depth, path.names.size());
        indices = std::max(indices, path.indices.size());
      }
    }
    std::vector<Trait> traits;
    for (std::size_t i = 0; i + 1 < depth; ++i) traits.push_back({Trait::Kind::from_top, i});
    traits.push_back({Trait::Kind::own});
    for (const auto kind : {Trait::Kind::first, Trait::Kind::last})
      for (std::size_t i = 0; i < std::min<std::size_t>(indices, 2); ++i)
        if (largest_[i] > 1 || kind == Trait::Kind::first) traits.push_back({kind, i});
    for (const std::string& child : children)
      if (!list_index(child)) traits.push_back({Trait::Kind::child, 0, child});
    std::erase_if(traits, [&](const Trait& trait) { return is_of_all(trait); });
    if (traits.size() > most_known) traits.erase(traits.begin() + most_known, traits.end());
    return traits;
  }

  bool is_of_all(const Trait& trait) const {
    std::set<Words> seen;
    for (const Variant& variant : variants_) seen.merge(values({trait}, variant));
    return seen.size() < 2;
  }

  const ModuleNode& module(const Variant& variant) const { return *classes_.list[variant.index].module; }

  std::string value(const Trait& trait, const Variant& variant, const Path& path) const {
    switch (trait.kind) {
      case Trait::Kind::from_top:
        return trait.depth + 1 < path.names.size() ? camel_case(path.names[trait.depth]) : "";
      case Trait::Kind::own:
        return path.names.empty() ? "" : camel_case(path.names.back());
      case Trait::Kind::first:
        return trait.depth < path.indices.size() && path.indices[trait.depth] == 0 ? "First" : "";
      case Trait::Kind::last:
        return trait.depth < path.indices.size() && path.indices[trait.depth] == largest_[trait.depth] ? "Last" : "";
      case Trait::Kind::child:
        return std::ranges::any_of(module(variant).children, [&](const auto& c) { return c->name == trait.child; })
                   ? "With" + camel_case(trait.child)
                   : "";
    }
    return {};
  }

  std::set<Words> values(const std::vector<Trait>& traits, const Variant& variant) const {
    std::set<Words> all;
    for (const Path& path : variant.paths) {
      Words of;
      for (const Trait& trait : traits) of.push_back(value(trait, variant, path));
      all.insert(std::move(of));
    }
    return all;
  }

  // What is said of one variant is true of no other.
  bool tell_apart(const std::vector<Trait>& traits) const {
    std::set<Words> seen;
    std::set<std::string> names;
    for (const Variant& variant : variants_) {
      for (const Words& words : values(traits, variant))
        if (!seen.insert(words).second) return false;
      const auto [before, behind] = label(variant, traits);
      if (!names.insert(joined(before) + "|" + behind).second) return false;
    }
    return true;
  }

  // Of two attentions in the encoder and one in the decoder, the latter is told by "Decoder" alone.
  std::vector<Trait> without_needless(const Variant& variant, std::vector<Trait> traits) const {
    for (std::size_t i = 0; traits.size() > 1 && i < traits.size();) {
      std::vector<Trait> fewer = traits;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      const std::set<Words> own = values(fewer, variant);
      const bool alone = std::ranges::none_of(variants_, [&](const Variant& other) {
        const std::set<Words> theirs = values(fewer, other);
        return other.index != variant.index &&
               std::ranges::any_of(theirs, [&](const Words& words) { return own.contains(words); });
      });
      if (alone)
        traits = std::move(fewer);
      else
        ++i;
    }
    return traits;
  }

  // Of values that all its modules share.
  std::pair<Words, std::string> label(const Variant& variant, const std::vector<Trait>& traits) const {
    Words before;
    std::string behind;
    for (const Trait& trait : traits) {
      std::set<std::string> of;
      for (const Path& path : variant.paths) of.insert(value(trait, variant, path));
      if (of.size() != 1) continue;
      if (trait.kind == Trait::Kind::child)
        behind += *of.begin();
      else
        for (std::string& word : words_of(*of.begin())) before.push_back(std::move(word));
    }
    return {before, behind};
  }

  const Classes& classes_;
  std::vector<Variant> variants_;
  std::vector<std::size_t> largest_;  // index of each level
};

std::string wanted(const Class& c) {
  const std::string own = last_part(c.module->class_name);
  return identifier(own.empty() ? camel_case(c.module->name) : own);
}

}  // namespace

void name_classes(Classes& classes, NamePool& pool) {
  std::map<std::string, std::vector<Variant>> groups;
  std::vector<std::vector<Path>> paths(classes.list.size());
  for (const auto& [path, instance] : classes.of_module) paths[instance.index].push_back(path_of(path));
  for (std::size_t i = 0; i + 1 < classes.list.size(); ++i)
    groups[wanted(classes.list[i])].push_back({i, std::move(paths[i])});
  const Words root = words_of(classes.list.back().name);
  for (auto& [name, variants] : groups) {
    const bool one = variants.size() == 1;
    const std::vector<std::string> names = one ? std::vector{name} : Group(classes, variants).names(root, name);
    for (std::size_t i = 0; i < variants.size(); ++i) classes.list[variants[i].index].name = names[i];
  }
  for (std::size_t i = 0; i + 1 < classes.list.size(); ++i)
    classes.list[i].name = pool.take(identifier(classes.list[i].name));
}

}  // namespace torch2mlx::python
