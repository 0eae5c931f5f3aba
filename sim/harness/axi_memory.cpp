#include "axi_memory.h"

#include "failure.h"

namespace {
constexpr uint32_t log2_of(uint32_t value) { return value <= 1 ? 0 : 1 + log2_of(value / 2); }
}  // namespace

AxiMemory::AxiMemory(const MemoryConfig& config, std::vector<Region>& regions)
    : config_(config),
      regions_(regions),
      limit_(BUS_BYTES + config.bytes),
      state_(config.seed * 0x9e3779b97f4a7c15ull | 1),
      reads_(config.outstanding),
      writes_(config.outstanding) {}

void AxiMemory::reset() {
  reads_.clear();
  writes_.clear();
  writes_filled_ = 0;
  ar_ready_ = r_valid_ = aw_ready_ = w_ready_ = b_valid_ = false;
  ar_stalled_ = aw_stalled_ = w_stalled_ = false;
}

void AxiMemory::accept(BurstQueue& queue, const char* channel, const AddressPhase& phase, bool write) {
  const uint32_t beats = phase.length + 1u;
  const uint32_t bytes = beats * BUS_BYTES;
  const std::string what = std::string(channel) + ": " + std::to_string(beats) + " beats at " + hex(phase.address);
  if (phase.size != log2_of(BUS_BYTES)) throw Failure("protocol", what + ": size " + std::to_string(phase.size) + " is not the bus width");
  if (phase.burst != 1) throw Failure("protocol", what + ": burst type " + std::to_string(phase.burst) + " is not INCR");
  if (phase.address % BUS_BYTES != 0) throw Failure("protocol", what + ": address is not aligned to the bus");
  if (phase.address % 4096 + bytes > 4096) throw Failure("protocol", what + " cross a 4 KB border");
  for (Region& region : regions_) {
    const uint64_t offset = static_cast<uint64_t>(phase.address) - region.base;
    if (phase.address < region.base || offset + bytes > region.bytes.size()) continue;
    if (write && !region.writable && config_.open) break;
    if (write && !region.writable) throw Failure("address", what + ": the " + region.name + " region is read only");
    Burst& burst = queue.push();
    burst.memory = region.bytes.data() + offset;
    burst.beats = beats;
    burst.beat = 0;
    if (write) {
      ++traffic.write_bursts;
      burst.response = traffic.write_bursts == config_.error_write ? config_.error_response : 0;
      burst.silent = traffic.write_bursts == config_.silent_write;
      return;
    }
    ++traffic.read_bursts;
    burst.response = traffic.read_bursts == config_.error_read ? config_.error_response : 0;
    burst.silent = traffic.read_bursts == config_.silent_read;
    burst.due = now_ + delay();
    std::memcpy(burst.data.data(), burst.memory, bytes);
    if (config_.error_data != ErrorData::random) return;
    for (uint32_t i = 0; i < bytes; ++i) {
      if (fails(burst, i / BUS_BYTES)) burst.data[i] = static_cast<uint8_t>(random());
    }
    return;
  }
  if (!config_.open) throw Failure("address", what + " lie outside every region");
  accept_outside(queue, beats, write);
}

void AxiMemory::accept_outside(BurstQueue& queue, uint32_t beats, bool write) {
  constexpr uint8_t decode_error = 3;
  Burst& burst = queue.push();
  burst.memory = nullptr;
  burst.beats = beats;
  burst.beat = 0;
  burst.response = decode_error;
  burst.silent = false;
  ++(write ? traffic.outside_writes : traffic.outside_reads);
  if (write) return;
  burst.due = now_ + delay();
  for (uint32_t i = 0; i < beats * BUS_BYTES; ++i) burst.data[i] = static_cast<uint8_t>(random());
}

void AxiMemory::take_write_beat(Vtop& top) {
  Burst& burst = writes_.at(writes_filled_);
  uint8_t* const data = burst.data.data() + burst.beat * BUS_BYTES;
  std::memcpy(data, &top.m_axi_wdata, BUS_BYTES);
  const uint32_t strobes = top.m_axi_wstrb;
  for (uint32_t i = 0; i < BUS_BYTES; ++i) burst.enabled[burst.beat * BUS_BYTES + i] = strobes >> i & 1;
  ++traffic.write_beats;
  const bool last = ++burst.beat == burst.beats;
  if (last != static_cast<bool>(top.m_axi_wlast)) {
    throw Failure("protocol", "W: WLAST is " + std::to_string(top.m_axi_wlast) + " in beat " + std::to_string(burst.beat) +
                                  " of " + std::to_string(burst.beats));
  }
  if (!last) return;
  burst.due = now_ + delay();
  ++writes_filled_;
}

void AxiMemory::commit(const Burst& burst) {
  if (burst.memory == nullptr) return;
  for (uint32_t i = 0; i < burst.beats * BUS_BYTES; ++i) {
    if (burst.enabled[i]) burst.memory[i] = burst.data[i];
  }
}

void AxiMemory::check_stable(const char* channel, bool& stalled, AddressPhase& before, bool valid, bool ready,
                             const AddressPhase& now) {
  if (stalled && !valid) throw Failure("protocol", std::string(channel) + ": VALID was withdrawn before READY");
  if (stalled && now != before) throw Failure("protocol", std::string(channel) + ": the address changed while stalled");
  stalled = valid && !ready;
  before = now;
}

void AxiMemory::check_write_stable(const Vtop& top) {
  if (w_stalled_) {
    if (!top.m_axi_wvalid) throw Failure("protocol", "W: WVALID was withdrawn before WREADY");
    const bool same = std::memcmp(w_before_.data(), &top.m_axi_wdata, BUS_BYTES) == 0 &&
                      w_strobes_before_ == top.m_axi_wstrb && w_last_before_ == static_cast<bool>(top.m_axi_wlast);
    if (!same) throw Failure("protocol", "W: the data changed while stalled");
  }
  w_stalled_ = top.m_axi_wvalid && !w_ready_;
  std::memcpy(w_before_.data(), &top.m_axi_wdata, BUS_BYTES);
  w_strobes_before_ = top.m_axi_wstrb;
  w_last_before_ = top.m_axi_wlast;
}
