// What the sequencer did and when, and how much moved meanwhile: for a trace that people look at.
#pragma once
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "Vtop.h"
#include "axi_memory.h"
#include "failure.h"

// From `cycle` of the image until the next one.
struct StateEvent {
  uint64_t cycle;
  uint8_t block, phase, reason;
  bool operator!=(const StateEvent& other) const { return block != other.block || phase != other.phase || reason != other.reason; }
};

// Beats since the image's start.
struct TrafficEvent {
  uint64_t cycle, read_beats, write_beats;
};

class Events {
 public:
  explicit Events(bool on) : on_(on) {}
  bool on() const { return on_; }
  void restart(const Traffic& traffic) {
    states_.clear();
    traffic_.clear();
    before_ = traffic;
  }
  void observe(const Vtop& top, uint64_t cycle, const Traffic& traffic) {
    const StateEvent state = {cycle, top.state_block, top.state_phase, top.state_reason};
    if (states_.empty() || states_.back() != state) states_.push_back(state);
    if (cycle % window == 0) traffic_.push_back({cycle, traffic.read_beats - before_.read_beats, traffic.write_beats - before_.write_beats});
  }
  // `state CYCLE BLOCK PHASE REASON` and `moved CYCLE READ_BEATS WRITE_BEATS`, a line each.
  void write(const std::string& file) const {
    std::ofstream out(file);
    for (const StateEvent& s : states_) out << "state " << s.cycle << ' ' << +s.block << ' ' << +s.phase << ' ' << +s.reason << '\n';
    for (const TrafficEvent& t : traffic_) out << "moved " << t.cycle << ' ' << t.read_beats << ' ' << t.write_beats << '\n';
    if (!out) throw Failure("job", "cannot write " + file);
  }

 private:
  static constexpr uint64_t window = 128;
  const bool on_;
  std::vector<StateEvent> states_;
  std::vector<TrafficEvent> traffic_;
  Traffic before_;
};
