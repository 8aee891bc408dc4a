#include "weights/stream.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/crc.h"
#include "base/error.h"
#include "base/parallel.h"
#include "weights/elements.h"

namespace torch2mlx::weights {
namespace {

constexpr std::uint64_t most_bytes = 1 << 20;  // bytes written at a time straight from the source: measured best
constexpr unsigned most_threads = 16;          // four blocks each: 32 MiB in all

// What a thread takes at a time: a run of bytes that stays as it is, or elements first .. first + count of a part that
// changes on the way, and that is quantized where `packing` says so.
struct Job {
  std::size_t tensor = 0;  // index into the plan; of a run: of its first one
  std::size_t file = 0;
  std::uint64_t to = 0;  // in that file
  std::span<const std::byte> bytes = {};
  std::optional<Part> part = {};  // instead of bytes
  Dtype dtype = Dtype::float32;
  std::int64_t first = 0, count = 0;
  const Packing* packing = nullptr;
  std::int64_t before = 0;  // elements of the parts that stand before this one, whole rows

  std::uint64_t size() const {
    if (!part) return bytes.size();
    const auto elements = static_cast<std::uint64_t>(count);
    return packing ? elements * static_cast<std::uint64_t>(packing->quantization.bits) / 8 : elements * size_of(dtype);
  }
};

// The jobs of a plan, in the order of the files. They are made when they are asked for: all of them at once would take
// more memory than the plan where tensors are many and small.
class Jobs {
 public:
  explicit Jobs(const Plan& plan) : plan_(plan) {}

  std::optional<Job> next() {
    if (rest_.size() == 0 && !advance()) return std::nullopt;
    Job job = rest_;
    if (job.part) {
      job.count = std::min(step_, rest_.count);
      rest_.first += job.count;
      rest_.count -= job.count;
    } else {
      job.bytes = rest_.bytes.first(std::min<std::size_t>(most_bytes, rest_.bytes.size()));
      rest_.bytes = rest_.bytes.subspan(job.bytes.size());
    }
    rest_.to += job.size();
    return job;
  }

 private:
  // To the next part, or run of parts that lie behind each other in the source too and stay as they are.
  bool advance() {
    rest_ = {};
    for (; at_part(); skip_part()) {
      const Job job = job_of(plan_.tensors[tensor_], plan_.tensors[tensor_].parts[index_]);
      if (job.size() == 0) continue;
      if (rest_.bytes.empty()) {
        rest_ = job;
        if (!job.part) continue;
        skip_part();
        return true;
      }
      const bool behind = !job.part && job.file == rest_.file && job.to == rest_.to + rest_.bytes.size() &&
                          job.bytes.data() == rest_.bytes.data() + rest_.bytes.size();
      if (!behind) return true;
      rest_.bytes = {rest_.bytes.data(), rest_.bytes.size() + job.bytes.size()};
    }
    return rest_.size() != 0;
  }

  bool at_part() {
    for (; tensor_ < plan_.tensors.size(); ++tensor_, index_ = 0, before_ = 0)
      if (index_ < plan_.tensors[tensor_].parts.size()) return true;
    return false;
  }

  void skip_part() { before_ += static_cast<std::int64_t>(plan_.tensors[tensor_].parts[index_++].elements()); }

  Job job_of(const Planned& planned, const Part& part) {
    const Packing* packing = plan_.packing_of(planned);
    Job job{
        .tensor = tensor_, .file = planned.file, .to = planned.at, .dtype = packing ? packing->dtype : planned.dtype};
    const Elements elements(part, job.dtype);
    if (!packing) job.bytes = elements.in_place();
    if (job.bytes.empty()) {
      job.part = part;
      job.packing = packing;
      job.count = elements.size();
      job.before = before_;
      const std::int64_t group = packing ? packing->quantization.group_size : 1;
      step_ = std::max(elements.step() / group, std::int64_t{1}) * group;
    }
    Job skipped = job;
    skipped.part = part;
    skipped.count = before_;
    job.to += skipped.size();
    return job;
  }

  const Plan& plan_;
  std::size_t tensor_ = 0, index_ = 0;  // the part that comes next
  std::int64_t before_ = 0;             // elements of the tensor's parts before that
  Job rest_;                            // of what is under way
  std::int64_t step_ = 0;
};

// What the threads share: the next job, the progress and whether one has failed.
class Pool {
 public:
  Pool(const Plan& plan, std::uint64_t total, std::span<const std::unique_ptr<OutputFile>> files,
       const Options& options)
      : plan_(plan), total_(total), jobs_(plan), files_(files), options_(options) {
    for (const Planned& planned : plan.tensors)
      if (planned.piece != Piece::all) beside_.push_back(static_cast<std::uint32_t>(&planned - plan.tensors.data()));
    std::ranges::sort(beside_, {}, [this](std::uint32_t i) { return piece_of(plan_.tensors[i]); });
  }

  void work() {
    Scratch scratch;
    std::unique_ptr<std::byte[]> block;
    try {
      std::size_t number = 0;
      while (const auto job = take(number)) {
        if (job->part && !block) block = std::make_unique_for_overwrite<std::byte[]>(Scratch::bytes);
        write(*job, number, scratch, block.get());
        if (options_.sync) files_[job->file]->start_writeback(job->to, job->size());
        report(job->size());
      }
    } catch (...) {
      stop_ = true;
      throw;
    }
  }

  // Jobs stand in the order of the file, so those of a tensor follow each other.
  Streamed result() && {
    Streamed streamed{std::move(overflowed_), {}, std::move(odd_)};
    if (!plan_.finish) return streamed;
    streamed.checksums.assign(plan_.tensors.size(), 0);
    for (const Sum& sum : sums_) {
      std::uint32_t& crc = streamed.checksums[sum.tensor];
      crc = crc32_joined(crc, sum.crc, sum.size);
    }
    return streamed;
  }

 private:
  struct Sum {
    std::size_t tensor;
    std::uint64_t size;
    std::uint32_t crc;
  };

  std::optional<Job> take(std::size_t& number) {
    const std::lock_guard lock(mutex_);
    auto job = stop_ ? std::nullopt : jobs_.next();
    number = sums_.size();
    if (job && plan_.finish) sums_.push_back({job->tensor, job->size(), 0});
    return job;
  }

  void note_sum(std::size_t number, std::span<const std::byte> bytes) {
    if (!plan_.finish) return;
    const std::uint32_t crc = crc32_of(bytes);
    const std::lock_guard lock(mutex_);
    sums_[number].crc = crc;
  }

  void write(const Job& job, std::size_t number, Scratch& scratch, std::byte* block) {
    const OutputFile& file = *files_[job.file];
    if (!job.part) {
      note_sum(number, job.bytes);
      return file.write(job.to, job.bytes);
    }
    const Elements elements(*job.part, job.dtype);
    if (const auto overflowed = elements.read(job.first, job.count, block, scratch); overflowed != 0) {
      const std::lock_guard lock(mutex_);
      overflowed_[job.tensor] += overflowed;
    }
    if (job.packing) return write_packed(job, scratch, block);
    note_sum(number, {block, job.size()});
    file.write(job.to, {block, job.size()});
  }

  // The elements are in `block`; what they become fits the buffers that reading them has left.
  void write_packed(const Job& job, Scratch& scratch, const std::byte* block) {
    const Quantization& how = job.packing->quantization;
    const std::int64_t groups = job.count / how.group_size;
    const std::size_t width = size_of(scale_dtype(how, job.dtype)), bytes = static_cast<std::size_t>(groups) * width;
    std::byte* scales = scratch.gathered();
    std::byte* biases = scales + bytes;
    const Quantized done = quantize_groups(how, job.dtype, block, groups, scratch.combined(), scales, biases);
    if (done.undefined != 0 || done.beyond != 0) {
      const std::lock_guard lock(mutex_);
      Quantized& all = odd_[job.tensor];
      all.undefined += done.undefined;
      all.beyond += done.beyond;
    }
    files_[job.file]->write(job.to, {scratch.combined(), job.size()});
    const auto offset = static_cast<std::uint64_t>((job.before + job.first) / how.group_size) * width;
    const auto write_to = [&](Piece piece, const std::byte* from) {
      const Planned& planned = beside(plan_.tensors[job.tensor].name, piece);
      files_[planned.file]->write(planned.at + offset, {from, bytes});
    };
    write_to(Piece::scales, scales);
    if (row(how.mode).has_biases) write_to(Piece::biases, biases);
  }

  static std::pair<std::string_view, Piece> piece_of(const Planned& planned) { return {planned.name, planned.piece}; }

  const Planned& beside(std::string_view name, Piece piece) const {
    const auto of = [this](std::uint32_t i) { return piece_of(plan_.tensors[i]); };
    return plan_.tensors[*std::ranges::lower_bound(beside_, std::pair(name, piece), {}, of)];
  }

  void report(std::uint64_t bytes) {
    if (!options_.progress) return;
    const std::lock_guard lock(mutex_);
    done_ += bytes;
    if (!options_.progress(done_, total_)) throw Error(ErrorKind::input, "output", "interrupted; nothing was changed");
  }

  const Plan& plan_;
  const std::uint64_t total_;  // bytes
  Jobs jobs_;
  std::span<const std::unique_ptr<OutputFile>> files_;
  const Options& options_;
  std::vector<std::uint32_t> beside_;  // scales and biases, by name and piece
  std::mutex mutex_;                   // of what follows, and of jobs_
  std::map<std::size_t, std::int64_t> overflowed_;
  std::vector<Sum> sums_;  // one a job, where plan.finish asks
  std::uint64_t done_ = 0;
  std::map<std::size_t, Quantized> odd_;
  std::atomic<bool> stop_ = false;
};

unsigned threads_for(std::uint64_t jobs, const Options& options) {
  const unsigned wanted = options.threads ? options.threads : std::max(1u, std::thread::hardware_concurrency());
  return static_cast<unsigned>(std::min<std::uint64_t>({wanted, most_threads, std::max<std::uint64_t>(1, jobs)}));
}

// What stands before the tensors of a file.
void write_beginning(const Plan& plan, std::size_t index, const OutputFile& file) {
  std::uint64_t at = 0;
  plan.files[index].beginning(plan, [&](std::string_view text) {
    file.write(at, std::as_bytes(std::span(text)));
    at += text.size();
  });
}

}  // namespace

Streamed stream(const Plan& plan, std::span<const std::unique_ptr<OutputFile>> files, const Options& options) {
  for (std::size_t i = 0; i < plan.files.size(); ++i) write_beginning(plan, i, *files[i]);
  parallel_for(plan.prepare.size(), threads_for(plan.prepare.size(), options),
               [&](std::size_t i) { plan.prepare[i](); });
  std::uint64_t total = 0;
  for (const Planned& planned : plan.tensors) total += planned.bytes();
  Pool pool(plan, total, files, options);
  const unsigned threads = threads_for(total / Scratch::bytes, options);
  parallel_for(threads, threads, [&pool](std::size_t) { pool.work(); });
  return std::move(pool).result();
}

}  // namespace torch2mlx::weights
