#include "weights/stream.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "weights/cast.h"
#include "weights/view.h"

namespace torch2mlx::weights {
namespace {

constexpr std::size_t block = 512 << 10;  // bytes a thread gathers at a time: fits the second-level cache
constexpr std::uint64_t piece = 8 << 20;  // bytes the kernel copies at a time
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
  const MappedFile* file = nullptr;  // holds `bytes` at `from`, if set
  std::uint64_t from = 0;
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
    const auto from = source.storage->file_offset + (view.data - source.storage->bytes.data());
    const MappedFile* file = source.storage->file.get();
    if (run_.to + run_.bytes.size() == to && run_.bytes.data() + run_.bytes.size() == bytes.data() &&
        run_.file == file && run_.from + run_.bytes.size() == from) {
      run_.bytes = {run_.bytes.data(), run_.bytes.size() + bytes.size()};
      return;
    }
    flush();
    run_ = {.to = to, .bytes = bytes, .file = file, .from = from};
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
                      .bytes = run_.bytes.subspan(done, std::min<std::uint64_t>(piece, run_.bytes.size() - done)),
                      .file = run_.file,
                      .from = run_.from + done});
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
    if (job.file) return file_.copy_from(job.file->descriptor(), job.from, job.to, job.bytes);
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

// What the threads share: the next job, the progress and the first failure.
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
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      stop_ = true;
    }
  }

  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
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
  std::exception_ptr failure_;
};

}  // namespace

void stream(const Plan& plan, const OutputFile& file, const Options& options) {
  file.write(0, std::as_bytes(std::span(plan.header)));
  const Jobs jobs(plan);
  Pool pool(jobs.list, plan.data_bytes, file, options);
  const unsigned wanted = options.threads ? options.threads : std::max(1u, std::thread::hardware_concurrency());
  const auto threads = std::min<std::size_t>({wanted, most_threads, std::max<std::size_t>(1, jobs.list.size())});
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < threads; ++i) others.emplace_back([&pool] { pool.work(); });
    pool.work();
  }
  pool.rethrow();
}

}  // namespace torch2mlx::weights
