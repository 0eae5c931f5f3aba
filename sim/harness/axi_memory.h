// Memory behind the AXI4 master: bandwidth, latency, outstanding bursts, refresh, random back-pressure, errors.
// Answers are in order. A write takes effect with its response, a read returns what the memory holds when its address
// is accepted: a design that reads what it has not seen written gets old bytes.
#pragma once
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "Vtop.h"
#include "job.h"

struct Region {
  std::string name;
  uint32_t base;
  std::vector<uint8_t> bytes;
  bool writable;
};

struct Burst {
  uint8_t* memory;   // first byte, inside its region; null: outside of all
  uint32_t beats;
  uint32_t beat;     // transferred so far
  uint64_t due;      // cycle of the first beat or of the response
  uint8_t response;  // RRESP or BRESP: 0, SLVERR or DECERR
  bool silent;       // never answered
  std::array<uint8_t, 4096> data;
  std::array<uint8_t, 4096> enabled;  // write strobes, one a byte
};

// A ring of bursts that never allocates.
class BurstQueue {
 public:
  explicit BurstQueue(uint32_t capacity) : slots_(capacity) {}
  bool empty() const { return count_ == 0; }
  uint32_t size() const { return count_; }
  Burst& front() { return slots_[first_]; }
  Burst& at(uint32_t index) { return slots_[(first_ + index) % slots_.size()]; }
  Burst& push() { return slots_[(first_ + count_++) % slots_.size()]; }
  void pop() {
    first_ = (first_ + 1) % slots_.size();
    --count_;
  }
  void clear() { count_ = 0; }

 private:
  std::vector<Burst> slots_;
  uint32_t first_ = 0, count_ = 0;
};

// The address phase of one direction, to see that a stalled one stays.
struct AddressPhase {
  uint32_t address;
  uint8_t length, size, burst;
  bool operator!=(const AddressPhase& other) const {
    return address != other.address || length != other.length || size != other.size || burst != other.burst;
  }
};

struct Traffic {
  uint64_t read_beats = 0, write_beats = 0, read_bursts = 0, write_bursts = 0;
  uint64_t outside_reads = 0, outside_writes = 0;  // bursts, where the memory is open
};

class AxiMemory {
 public:
  AxiMemory(const MemoryConfig& config, std::vector<Region>& regions);

  // Between the settled low phase and the rising edge: sees what the edge transfers.
  // True when a data beat moved.
  inline bool observe(Vtop& top);
  // After the rising edge: the memory's outputs of the next cycle.
  inline void drive(Vtop& top);
  // Forgets everything that is under way.
  void reset();

  Traffic traffic;

 private:
  bool held_back(Channel channel) { return config_.held[channel] != 0 && random() % 100 < config_.held[channel]; }
  uint64_t delay() {
    const uint64_t least = config_.latency == 0 ? 1 : config_.latency;
    return config_.spread == 0 ? least : least + random() % (config_.spread + 1);
  }
  uint32_t random() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return static_cast<uint32_t>(state_ >> 32);
  }
  void accept(BurstQueue& queue, const char* channel, const AddressPhase& phase, bool write);
  bool fails(const Burst& burst, uint32_t beat) const {
    const bool chosen = burst.memory == nullptr || config_.error_beat == 0 || config_.error_beat == beat + 1;
    return burst.response != 0 && chosen;
  }
  // Outside the regions a read brings anything, and a write goes nowhere.
  void accept_outside(BurstQueue& queue, uint32_t beats, bool write);
  void take_write_beat(Vtop& top);
  void commit(const Burst& burst);
  void check_stable(const char* channel, bool& stalled, AddressPhase& before, bool valid, bool ready,
                    const AddressPhase& now);
  void check_write_stable(const Vtop& top);

  const MemoryConfig config_;
  std::vector<Region>& regions_;
  const double limit_;
  double tokens_ = 0;
  uint64_t now_ = 0;
  uint64_t state_;

  BurstQueue reads_, writes_;
  uint32_t writes_filled_ = 0;  // of writes_, from the front: data complete, response to come
  bool ar_ready_ = false, r_valid_ = false, aw_ready_ = false, w_ready_ = false, b_valid_ = false;
  bool write_was_last_ = false;  // which direction got the last beat
  bool served_write_ = false;    // what a slave of one transaction at a time took last

  bool ar_stalled_ = false, aw_stalled_ = false, w_stalled_ = false;
  AddressPhase ar_before_{}, aw_before_{};
  std::array<uint8_t, BUS_BYTES> w_before_{};
  uint32_t w_strobes_before_ = 0;
  bool w_last_before_ = false;
};

inline bool AxiMemory::observe(Vtop& top) {
  const bool refreshing = config_.refresh_period != 0 && now_ % config_.refresh_period < config_.refresh_length;
  if (!refreshing && tokens_ < limit_) tokens_ = tokens_ + config_.bytes < limit_ ? tokens_ + config_.bytes : limit_;
  bool moved = false;

  if (r_valid_ && top.m_axi_rready) {
    moved = true;
    r_valid_ = false;
    ++traffic.read_beats;
    Burst& burst = reads_.front();
    if (++burst.beat == burst.beats) reads_.pop();
  }
  if (b_valid_ && top.m_axi_bready) {
    b_valid_ = false;
    --writes_filled_;
    writes_.pop();
  }
  const bool ar_valid = top.m_axi_arvalid;
  if (ar_valid || ar_stalled_) {
    const AddressPhase phase{top.m_axi_araddr, top.m_axi_arlen, top.m_axi_arsize, top.m_axi_arburst};
    check_stable("AR", ar_stalled_, ar_before_, ar_valid, ar_ready_, phase);
    if (ar_valid && ar_ready_) accept(reads_, "AR", phase, false);
  }
  // before the data: a joint slave takes both in the same cycle
  const bool aw_valid = top.m_axi_awvalid;
  if (aw_valid || aw_stalled_) {
    const AddressPhase phase{top.m_axi_awaddr, top.m_axi_awlen, top.m_axi_awsize, top.m_axi_awburst};
    check_stable("AW", aw_stalled_, aw_before_, aw_valid, aw_ready_, phase);
    if (aw_valid && aw_ready_) accept(writes_, "AW", phase, true);
  }
  const bool w_valid = top.m_axi_wvalid;
  if (w_valid || w_stalled_) check_write_stable(top);
  if (w_ready_ && w_valid) {
    moved = true;
    take_write_beat(top);
  } else if (w_ready_) {
    tokens_ += BUS_BYTES;  // what WREADY had reserved
  }

  // One bucket for both directions: when it holds one beat and both want it, they take turns.
  const bool reads = !refreshing && !reads_.empty() && !r_valid_ && now_ + 1 >= reads_.front().due && !reads_.front().silent;
  const bool pipelined = config_.slave == Slave::pipelined, joint = config_.slave == Slave::joint;
  const bool idle = reads_.empty() && writes_.empty();
  const bool read_turn = ar_valid && (!aw_valid || served_write_);
  const bool begins = joint && idle && aw_valid && w_valid && !read_turn;
  const bool writes = !refreshing && (writes_filled_ < writes_.size() || begins);
  const bool both = tokens_ >= 2 * BUS_BYTES || !(reads && writes);
  w_ready_ = writes && tokens_ >= BUS_BYTES && (both || !write_was_last_) && !held_back(channel_w);
  if (w_ready_) {
    tokens_ -= BUS_BYTES;
    write_was_last_ = true;
  }
  if (reads && tokens_ >= BUS_BYTES && (both || write_was_last_) && !held_back(channel_r)) {
    tokens_ -= BUS_BYTES;
    write_was_last_ = false;
    r_valid_ = true;
  }

  if (!b_valid_ && writes_filled_ != 0 && now_ + 1 >= writes_.front().due && !writes_.front().silent && !held_back(channel_b)) {
    b_valid_ = true;
    commit(writes_.front());
  }
  ar_ready_ = (pipelined ? reads_.size() < config_.outstanding : idle && read_turn) && !held_back(channel_ar);
  aw_ready_ = joint ? begins && w_ready_
                    : (pipelined ? writes_.size() < config_.outstanding : idle && aw_valid && !read_turn) && !held_back(channel_aw);
  if (ar_ready_ || aw_ready_) served_write_ = aw_ready_;
  ++now_;
  return moved;
}

inline void AxiMemory::drive(Vtop& top) {
  top.m_axi_arready = ar_ready_;
  top.m_axi_awready = aw_ready_;
  top.m_axi_rvalid = r_valid_;
  if (r_valid_) {
    const Burst& burst = reads_.front();
    const bool failed = fails(burst, burst.beat);
    if (!failed || config_.error_data != ErrorData::stale) {
      std::memcpy(&top.m_axi_rdata, burst.data.data() + burst.beat * BUS_BYTES, BUS_BYTES);
    }
    top.m_axi_rlast = burst.beat + 1 == burst.beats;
    top.m_axi_rresp = failed ? burst.response : 0;
  }
  top.m_axi_wready = w_ready_;
  top.m_axi_bvalid = b_valid_;
  if (b_valid_) top.m_axi_bresp = writes_.front().response;
}
