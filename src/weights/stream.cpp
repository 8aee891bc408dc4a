#include "weights/stream.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "base/parallel.h"
#include "weights/cast.h"
#include "weights/view.h"

namespace torch2mlx::weights {
namespace {

constexpr std::size_t block = 512 << 10;  // bytes a thread gathers at a time: fits the second-level cache
constexpr std::uint64_t piece = 1 << 20;  // bytes written at a time straight from the source: measured best
constexpr unsigned most_threads = 16;     // two blocks each: 16 MiB in all

// One tensor that must be rearranged, cast or byte-swapped.
struct Rearranged {
  const Planned* planned;
  View view;
};

// A run of bytes that stays as it is (bytes set), or elements first .. first + count of a rearranged tensor.
struct Job {
  std::uint64_t to = 0;  // in the output file
  std::span<const std::byte> bytes = {};
  const Rearranged* rearranged = nullptr;
  std::int64_t first = 0, count = 0;

  std::uint64_t size() const { return rearranged ? count * size_of(rearranged->planned->dtype) : bytes.size(); }
};

class Jobs {
 public:
  Jobs(const Plan& plan) {
    rearranged_.reserve(plan.tensors.size());  // jobs point into it
    for (const Planned& planned : plan.tensors)
      if (planned.bytes > 0) add(planned, plan.header.size() + planned.offset);
    flush();
  }

  std::vector<Job> list;

 private:
  void add(const Planned& planned, std::uint64_t to) {
    const Tensor& source = *planned.source;
    View view = view_of(source, planned.permute);
    if (!view.contiguous() || planned.dtype != source.dtype || source.storage->big_endian) {
      rearranged_.push_back({&planned, std::move(view)});
      split(rearranged_.back(), to);
      return;
    }
    const std::span bytes{view.data, planned.bytes};
    const bool behind = run_.to + run_.bytes.size() == to && run_.bytes.data() + run_.bytes.size() == bytes.data();
    if (behind && !run_.bytes.empty()) {
      run_.bytes = {run_.bytes.data(), run_.bytes.size() + bytes.size()};
      return;
    }
    flush();
    run_ = {.to = to, .bytes = bytes};
  }

  void split(const Rearranged& item, std::uint64_t to) {
    // The wider of source and target must fit a block.
    const std::size_t width = size_of(item.planned->dtype);
    const auto step = gather_step(item.view, std::min(block, block * item.view.size / width));
    const auto all = item.view.elements();
    for (std::int64_t first = 0; first < all; first += step)
      list.push_back(
          {.to = to + first * width, .rearranged = &item, .first = first, .count = std::min(step, all - first)});
  }

  void flush() {
    for (std::uint64_t done = 0; done < run_.bytes.size(); done += piece)
      list.push_back({.to = run_.to + done,
                      .bytes = run_.bytes.subspan(done, std::min<std::uint64_t>(piece, run_.bytes.size() - done))});
    run_ = {};
  }

  std::vector<Rearranged> rearranged_;
  Job run_;
};

class Worker {
 public:
  explicit Worker(const OutputFile& file) : file_(file) {}

  void run(const Job& job) {
    if (job.rearranged) return rearrange(job);
    file_.write(job.to, job.bytes);
  }

 private:
  void rearrange(const Job& job) {
    if (!gathered_) {
      gathered_ = std::make_unique_for_overwrite<std::byte[]>(block);
      cast_ = std::make_unique_for_overwrite<std::byte[]>(block);
    }
    const Planned& planned = *job.rearranged->planned;
    const Tensor& source = *planned.source;
    gather(job.rearranged->view, job.first, job.count, gathered_.get());
    if (source.storage->big_endian) swap_bytes(source.dtype, gathered_.get(), job.count);
    if (planned.dtype == source.dtype) return file_.write(job.to, {gathered_.get(), job.size()});
    cast(source.dtype, planned.dtype, gathered_.get(), job.count, cast_.get());
    file_.write(job.to, {cast_.get(), job.size()});
  }

  const OutputFile& file_;
  std::unique_ptr<std::byte[]> gathered_, cast_;
};

// What the threads share: the next job, the progress and whether one has failed.
class Pool {
 public:
  Pool(const std::vector<Job>& jobs, std::uint64_t total, const OutputFile& file, const Options& options)
      : jobs_(jobs), total_(total), file_(file), options_(options) {}

  void work() {
    Worker worker(file_);
    try {
      for (auto i = next_++; i < jobs_.size() && !stop_; i = next_++) {
        worker.run(jobs_[i]);
        if (options_.sync) file_.start_writeback(jobs_[i].to, jobs_[i].size());
        report(jobs_[i].size());
      }
    } catch (...) {
      stop_ = true;
      throw;
    }
  }

 private:
  void report(std::uint64_t bytes) {
    if (!options_.progress) return;
    const std::lock_guard lock(mutex_);
    done_ += bytes;
    if (!options_.progress(done_, total_)) throw Error(ErrorKind::input, "output", "interrupted; nothing was changed");
  }

  const std::vector<Job>& jobs_;
  const std::uint64_t total_;
  const OutputFile& file_;
  const Options& options_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> stop_ = false;
  std::mutex mutex_;
  std::uint64_t done_ = 0;
};

}  // namespace

void stream(const Plan& plan, const OutputFile& file, const Options& options) {
  file.write(0, std::as_bytes(std::span(plan.header)));
  const Jobs jobs(plan);
  Pool pool(jobs.list, plan.data_bytes, file, options);
  const unsigned wanted = options.threads ? options.threads : std::max(1u, std::thread::hardware_concurrency());
  const auto threads = std::min<std::size_t>({wanted, most_threads, std::max<std::size_t>(1, jobs.list.size())});
  parallel_for(threads, static_cast<unsigned>(threads), [&pool](std::size_t) { pool.work(); });
}

}  // namespace torch2mlx::weights
