#include "weights/stream.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "base/crc.h"
#include "base/error.h"
#include "base/parallel.h"
#include "weights/elements.h"

namespace torch2mlx::weights {
namespace {

constexpr std::uint64_t piece = 1 << 20;  // bytes written at a time straight from the source: measured best
constexpr unsigned most_threads = 16;     // four blocks each: 32 MiB in all

// A part of the plan whose elements change on the way, and are quantized where `packing` says so.
struct Changed {
  const Part* part;
  Dtype dtype;
  std::size_t tensor;  // index into the plan
  const Packing* packing = nullptr;
  std::uint64_t scales = 0, biases = 0;  // bytes in the file where those of the part begin
  std::size_t scales_file = 0, biases_file = 0;
};

// A run of bytes that stays as it is (bytes set), or elements first .. first + count of a changed part.
struct Job {
  std::size_t file = 0;
  std::uint64_t to = 0;  // in that file
  std::span<const std::byte> bytes = {};
  const Changed* changed = nullptr;
  std::int64_t first = 0, count = 0;
  std::size_t tensor = 0;  // index into the plan; of a run: of its first one
  std::uint32_t crc = 0;

  std::uint64_t size() const {
    if (!changed) return bytes.size();
    return changed->packing ? static_cast<std::uint64_t>(count) * changed->packing->quantization.bits / 8
                            : count * size_of(changed->dtype);
  }
};

class Jobs {
 public:
  explicit Jobs(const Plan& plan) {
    if (std::ranges::any_of(plan.tensors, [](const Planned& planned) { return planned.packing != nullptr; }))
      for (const Planned& planned : plan.tensors) by_name_.emplace(planned.name, &planned);
    for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
      const Planned& planned = plan.tensors[i];
      std::uint64_t to = planned.at;
      std::int64_t elements = 0;
      for (const Part& part : planned.parts) {
        if (planned.packing) {
          if (planned.bytes > 0) add_packed(part, planned, i, elements);
          elements += static_cast<std::int64_t>(part.elements());
          continue;
        }
        const std::uint64_t bytes = part.elements() * size_of(planned.dtype);
        if (bytes > 0) add(part, planned, i, to);
        to += bytes;
      }
      total += planned.bytes;
    }
    flush();
  }

  std::vector<Job> list;
  std::uint64_t total = 0;  // bytes

 private:
  // `before`: elements of the parts that stand before this one, whole rows.
  void add_packed(const Part& part, const Planned& planned, std::size_t tensor, std::int64_t before) {
    const Packing& packing = *planned.packing;
    const Planned& scales = *by_name_.at(packing.scales);
    const Planned* biases = packing.biases.empty() ? nullptr : by_name_.at(packing.biases);
    const std::int64_t group = packing.quantization.group_size;
    const auto skipped = static_cast<std::uint64_t>(before / group) * size_of(scales.dtype);
    changed_.push_back({&part, packing.dtype, tensor, &packing, scales.at + skipped, biases ? biases->at + skipped : 0,
                        scales.file, biases ? biases->file : 0});
    const Changed& item = changed_.back();
    const Elements elements(part, packing.dtype);
    const std::int64_t all = elements.size();
    const std::int64_t step = std::max(elements.step() / group, std::int64_t{1}) * group;
    for (std::int64_t first = 0; first < all; first += step)
      list.push_back({.file = planned.file,
                      .to = planned.at + static_cast<std::uint64_t>(before + first) * packing.quantization.bits / 8,
                      .changed = &item,
                      .first = first,
                      .count = std::min(step, all - first)});
  }

  void add(const Part& part, const Planned& planned, std::size_t tensor, std::uint64_t to) {
    const Elements elements(part, planned.dtype);
    const auto bytes = elements.in_place();
    if (bytes.empty()) {
      changed_.push_back({.part = &part, .dtype = planned.dtype, .tensor = tensor});
      return split(changed_.back(), elements, planned.file, to);
    }
    const bool behind = run_.file == planned.file && run_.to + run_.bytes.size() == to &&
                        run_.bytes.data() + run_.bytes.size() == bytes.data();
    if (behind && !run_.bytes.empty()) {
      run_.bytes = {run_.bytes.data(), run_.bytes.size() + bytes.size()};
      return;
    }
    flush();
    run_ = {.file = planned.file, .to = to, .bytes = bytes, .tensor = tensor};
  }

  void split(const Changed& item, const Elements& elements, std::size_t file, std::uint64_t to) {
    const auto step = elements.step(), all = elements.size();
    for (std::int64_t first = 0; first < all; first += step)
      list.push_back({.file = file,
                      .to = to + static_cast<std::uint64_t>(first) * size_of(item.dtype),
                      .changed = &item,
                      .first = first,
                      .count = std::min(step, all - first),
                      .tensor = item.tensor});
  }

  void flush() {
    for (std::uint64_t done = 0; done < run_.bytes.size(); done += piece)
      list.push_back({.file = run_.file,
                      .to = run_.to + done,
                      .bytes = run_.bytes.subspan(done, std::min<std::uint64_t>(piece, run_.bytes.size() - done)),
                      .tensor = run_.tensor});
    run_ = {};
  }

  std::unordered_map<std::string_view, const Planned*> by_name_;
  std::deque<Changed> changed_;  // jobs point into it
  Job run_;
};

// What the threads share: the next job, the progress and whether one has failed.
class Pool {
 public:
  Pool(Jobs& jobs, const Plan& plan, std::span<const std::unique_ptr<OutputFile>> files, const Options& options)
      : jobs_(jobs),
        files_(files),
        options_(options),
        checksums_(plan.finish != nullptr),
        overflowed_(plan.tensors.size()) {}

  void work() {
    Scratch scratch;
    std::unique_ptr<std::byte[]> block;
    try {
      for (auto i = next_++; i < jobs_.list.size() && !stop_; i = next_++) {
        Job& job = jobs_.list[i];
        if (job.changed && !block) block = std::make_unique_for_overwrite<std::byte[]>(Scratch::bytes);
        write(job, scratch, block.get());
        if (options_.sync) files_[job.file]->start_writeback(job.to, job.size());
        report(job.size());
      }
    } catch (...) {
      stop_ = true;
      throw;
    }
  }

  // Jobs stand in the order of the file, so those of a tensor follow each other.
  Streamed result() const {
    Streamed streamed{{overflowed_.begin(), overflowed_.end()}, {}, odd_};
    if (!checksums_) return streamed;
    streamed.checksums.assign(overflowed_.size(), 0);
    for (const Job& job : jobs_.list) {
      std::uint32_t& crc = streamed.checksums[job.tensor];
      crc = crc32_joined(crc, job.crc, job.size());
    }
    return streamed;
  }

 private:
  void write(Job& job, Scratch& scratch, std::byte* block) {
    const OutputFile& file = *files_[job.file];
    if (!job.changed) {
      if (checksums_) job.crc = crc32_of(job.bytes);
      return file.write(job.to, job.bytes);
    }
    const Elements elements(*job.changed->part, job.changed->dtype);
    const auto overflowed = elements.read(job.first, job.count, block, scratch);
    if (overflowed != 0) overflowed_[job.changed->tensor] += overflowed;
    if (job.changed->packing) return write_packed(job, scratch, block);
    if (checksums_) job.crc = crc32_of({block, job.size()});
    file.write(job.to, {block, job.size()});
  }

  // The elements are in `block`; what they become fits the buffers that reading them has left.
  void write_packed(const Job& job, Scratch& scratch, const std::byte* block) {
    const Changed& item = *job.changed;
    const Quantization& how = item.packing->quantization;
    const std::int64_t groups = job.count / how.group_size, before = job.first / how.group_size;
    const std::size_t width = size_of(scale_dtype(how, item.dtype)), bytes = static_cast<std::size_t>(groups) * width;
    std::byte* scales = scratch.gathered();
    std::byte* biases = scales + bytes;
    const Quantized done = quantize_groups(how, item.dtype, block, groups, scratch.combined(), scales, biases);
    if (done.undefined != 0 || done.beyond != 0) {
      const std::lock_guard lock(mutex_);
      Quantized& all = odd_[item.tensor];
      all.undefined += done.undefined;
      all.beyond += done.beyond;
    }
    files_[job.file]->write(job.to, {scratch.combined(), job.size()});
    const auto offset = static_cast<std::uint64_t>(before) * width;
    files_[item.scales_file]->write(item.scales + offset, {scales, bytes});
    if (!item.packing->biases.empty()) files_[item.biases_file]->write(item.biases + offset, {biases, bytes});
  }

  void report(std::uint64_t bytes) {
    if (!options_.progress) return;
    const std::lock_guard lock(mutex_);
    done_ += bytes;
    if (!options_.progress(done_, jobs_.total))
      throw Error(ErrorKind::input, "output", "interrupted; nothing was changed");
  }

  Jobs& jobs_;
  std::span<const std::unique_ptr<OutputFile>> files_;
  const Options& options_;
  const bool checksums_;
  std::vector<std::atomic<std::int64_t>> overflowed_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> stop_ = false;
  std::mutex mutex_;
  std::uint64_t done_ = 0;
  std::map<std::size_t, Quantized> odd_;
};

unsigned threads_for(std::size_t jobs, const Options& options) {
  const unsigned wanted = options.threads ? options.threads : std::max(1u, std::thread::hardware_concurrency());
  return static_cast<unsigned>(std::min<std::size_t>({wanted, most_threads, std::max<std::size_t>(1, jobs)}));
}

}  // namespace

Streamed stream(const Plan& plan, std::span<const std::unique_ptr<OutputFile>> files, const Options& options) {
  for (std::size_t i = 0; i < plan.files.size(); ++i)
    for (const Literal& literal : plan.files[i].literals)
      files[i]->write(literal.at, std::as_bytes(std::span(literal.bytes)));
  parallel_for(plan.prepare.size(), threads_for(plan.prepare.size(), options),
               [&](std::size_t i) { plan.prepare[i](); });
  Jobs jobs(plan);
  Pool pool(jobs, plan, files, options);
  const unsigned threads = threads_for(jobs.list.size(), options);
  parallel_for(threads, threads, [&pool](std::size_t) { pool.work(); });
  return pool.result();
}

}  // namespace torch2mlx::weights
