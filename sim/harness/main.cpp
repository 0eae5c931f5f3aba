// Runs a job in the current folder: image after image through the verilated top, without a reset between them.
// stdout: the result as JSON. stderr: `progress IMAGE CYCLES` lines. Exit status: 0 all equal, 1 something differed,
// 2 the job is at fault, 3 the hardware hung or broke a rule.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>

#include "failure.h"
#include "registers.h"
#include "report.h"
#include "simulation.h"

namespace {
using Clock = std::chrono::steady_clock;
// Any two differ in three bits or more: a wrong bit or two of a base does not lead from one region into another.
constexpr uint32_t input_base = 0x2e000000, output_base = 0x35000000, workspace_base = 0x4b000000;
enum : size_t { model_region, input_region, output_region, workspace_region };

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// A region holds whole 16-byte rows.
std::vector<uint8_t> padded(std::vector<uint8_t> bytes) {
  bytes.resize((bytes.size() + 15) / 16 * 16);
  return bytes;
}

class Runner {
 public:
  explicit Runner(const Job& job)
      : job_(job),
        regions_{{"model", job.model_base, padded(read_bytes(job.model)), false},
                 {"input", input_base, {}, false},
                 {"output", output_base, std::vector<uint8_t>((job.output_bytes + 15) / 16 * 16), true},
                 {"workspace", workspace_base, std::vector<uint8_t>((job.workspace_bytes + 15) / 16 * 16), true}},
        simulation_(job, regions_) {
    std::mt19937_64 random(job.memory.seed);
    for (uint8_t& byte : regions_[workspace_region].bytes) byte = static_cast<uint8_t>(random());
    simulation_.reset();
    set_up_registers();
  }

  ImageReport run(uint32_t index) {
    ImageReport report;
    if (index < 2) flip_model();
    const ImageJob& image = job_.images[index];
    regions_[input_region].bytes = padded(read_bytes(image.input));
    auto& output = regions_[output_region].bytes;
    // A byte that nobody writes does not look like an old result.
    std::fill(output.begin(), output.end(), uint8_t{0xa5});
    Golden golden(image.golden);
    before_ = simulation_.memory().traffic;
    try {
      if (index == 0) flip_registers();
      else if (job_.register_traffic != 0 || !job_.register_flips.empty()) set_up_registers();
      simulation_.start_image(index, golden);
      if (index == 0 && job_.reset_at != 0) reset_and_start_again(golden);
      if (index == 0 && job_.stop_at != 0) stop_and_start_again(golden);
      simulate(index, UINT64_MAX);
      report.cycles = simulation_.image_cycles();
      simulation_.end_image();
      fill_traffic(report);
      golden.finish(job_.outputs, output, report.cycles);
      acknowledge(report);
      // memory may owe it an answer
      if (job_.recover && (report.error_register & ERROR_WATCHDOG) != 0) recover();
    } catch (const Failure& failure) {
      report.failure_kind = failure.kind;
      report.failure = failure.what();
      report.cycles = simulation_.image_cycles();
      fill_traffic(report);
      if (recovers(report)) recover();
    }
    simulation_.end_image();
    report.start_cycle = simulation_.start();
    report.divergence = golden.first();
    report.mismatches = golden.mismatches();
    report.results = golden.expected();
    report.phases = simulation_.statistics().phases();
    write_bytes("output-" + std::to_string(index) + ".bin", output);
    if (job_.events) simulation_.events().write("events-" + std::to_string(index) + ".txt");
    return report;
  }

  uint64_t cycles() const { return simulation_.now(); }

  // Silence is what a host ends with a reset; a rule that was broken is never right.
  bool recovers(const ImageReport& report) const { return job_.recover && report.failure_kind == "timeout"; }

 private:
  // Before the first image the bits become wrong, before the second right again.
  void flip_model() {
    for (const Flip& flip : job_.flips) regions_[model_region].bytes.at(flip.offset) ^= static_cast<uint8_t>(1u << flip.bit);
  }

  void flip_registers() {
    for (const RegisterFlip& flip : job_.register_flips) {
      simulation_.write_register(flip.address, simulation_.read_register(flip.address) ^ 1u << flip.bit);
    }
  }

  void recover() {
    simulation_.reset();
    set_up_registers();
  }

  void set_up_registers() {
    simulation_.write_register(REG_MODEL, job_.model_base);
    simulation_.write_register(REG_INPUT, input_base);
    simulation_.write_register(REG_OUTPUT, output_base);
    simulation_.write_register(REG_WORKSPACE, workspace_base);
    simulation_.write_register(REG_GLOBAL_ENABLE, GLOBAL_ENABLE_ALL);
    simulation_.write_register(REG_ENABLE, ENABLE_DONE);
    if (job_.watchdog != 0) simulation_.write_register(REG_WATCHDOG, job_.watchdog);
    // of the images behind the first
    simulation_.write_register(REG_KEEP, KEEP_KEEP);
  }

  // Until the interrupt, or until the image has run for `limit` cycles.
  void simulate(uint32_t index, uint64_t limit) {
    constexpr uint64_t check_interval = 1024, progress_interval = 16384;
    const Vtop& top = simulation_.top();
    const uint64_t last = std::min(limit, job_.max_cycles);
    for (uint64_t count = 1; !top.INTERRUPT_PORT && simulation_.image_cycles() < last; ++count) {
      simulation_.cycle();
      if (count % check_interval == 0) simulation_.check_progress();
      if (count % progress_interval == 0 && seconds_since(reported_) > 0.2) {
        reported_ = Clock::now();
        std::fprintf(stderr, "progress %u %llu\n", index, static_cast<unsigned long long>(simulation_.image_cycles()));
      }
    }
    simulation_.check_progress();
    if (!top.INTERRUPT_PORT && last == job_.max_cycles) simulation_.give_up();
  }

  void reset_and_start_again(Golden& golden) {
    simulate(0, job_.reset_at);
    simulation_.reset();
    set_up_registers();
    golden.restart();
    before_ = simulation_.memory().traffic;
    simulation_.start_image(0, golden);
  }

  // The memory goes on meanwhile: it still answers what the stopped image asked of it.
  void stop_and_start_again(Golden& golden) {
    simulate(0, job_.stop_at);
    simulation_.write_register(REG_STOP, STOP_STOP);
    simulate(0, UINT64_MAX);
    ImageReport stopped;
    acknowledge(stopped);
    // zero: the image was over before the stop came to it
    if (stopped.error_register != ERROR_STOPPED && stopped.error_register != 0) throw Failure("protocol", "a stopped image ended with error register " + hex(stopped.error_register));
    golden.restart();
    before_ = simulation_.memory().traffic;
    simulation_.start_image(0, golden);
  }

  // What a driver does after the interrupt: reads what happened and clears it.
  void acknowledge(ImageReport& report) {
    if ((simulation_.read_register(REG_CONTROL) & CONTROL_DONE) == 0) throw Failure("protocol", "interrupt without the done bit");
    if ((simulation_.read_register(REG_CONTROL) & CONTROL_DONE) != 0) throw Failure("protocol", "reading the control register did not clear the done bit");
    simulation_.write_register(REG_STATUS, STATUS_DONE);
    for (unsigned i = 0; i < 8; ++i) simulation_.cycle();
    if (simulation_.top().INTERRUPT_PORT) throw Failure("protocol", "the interrupt stays after it was cleared");
    for (uint32_t i = 0; i < report.counters.size(); ++i) report.counters[i] = simulation_.read_register(COUNTER_REGISTERS[i]);
    report.error_register = simulation_.read_register(REG_ERROR);
    report.error_place = simulation_.read_register(REG_ERROR_PLACE);
    report.error_address = simulation_.read_register(REG_ERROR_ADDRESS);
    if (report.error_register != 0) simulation_.write_register(REG_ERROR, report.error_register);
  }

  void fill_traffic(ImageReport& report) {
    const Traffic& after = simulation_.memory().traffic;
    report.read_bytes = (after.read_beats - before_.read_beats) * BUS_BYTES;
    report.write_bytes = (after.write_beats - before_.write_beats) * BUS_BYTES;
    report.read_bursts = after.read_bursts - before_.read_bursts;
    report.write_bursts = after.write_bursts - before_.write_bursts;
    report.outside_reads = after.outside_reads - before_.outside_reads;
    report.outside_writes = after.outside_writes - before_.outside_writes;
  }

  const Job& job_;
  std::vector<Region> regions_;
  Simulation simulation_;
  Traffic before_;
  Clock::time_point reported_ = Clock::now();
};
}  // namespace

int main() {
  try {
    const Job job = read_job("job.txt");
    const auto start = Clock::now();
    Runner runner(job);
    std::vector<ImageReport> reports;
    int status = 0;
    for (uint32_t i = 0; i < job.images.size() && status != 3; ++i) {
      reports.push_back(runner.run(i));
      if (reports.back().divergence.found) status = 1;
      if (!reports.back().failure.empty() && !runner.recovers(reports.back())) status = 3;
    }
    print_report(reports, runner.cycles(), seconds_since(start));
    return status;
  } catch (const Failure& failure) {
    std::fprintf(stderr, "%s: %s\n", failure.kind.c_str(), failure.what());
    return 2;
  }
}
