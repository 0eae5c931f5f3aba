// Compares every group of results that leaves the requantisers, and the output region, with the golden model.
#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "Vtop.h"
#include "job.h"

// Expected values of one phase of one block: [y][x][channel].
struct Expected {
  uint32_t block, phase, rows, width, channels, groups;
  const int8_t* values;
  uint64_t seen = 0;                // groups that came
  std::vector<bool> present;
};

// One group of results, from the observation ports. Pooled results carry POOL_PHASE.
struct Result {
  uint32_t block, phase, y, x, group;
  const int8_t* data;
};
constexpr uint32_t POOL_PHASE = 3;
// Lanes up to the pixel pitch: at most the widest array's.
constexpr uint32_t MAX_PITCH = 32;

// `kind`: value (differs), unexpected (belongs to no expected map), duplicate, missing, output (in memory).
struct Divergence {
  bool found = false;
  std::string kind;
  uint32_t block = 0, phase = 0, y = 0, x = 0, channel = 0;
  uint64_t cycle = 0;
  int expected = 0, got = 0;
};

class Golden {
 public:
  // An empty file name expects nothing and accepts everything.
  explicit Golden(const std::string& file);
  // Takes back everything seen: the image runs again.
  void restart();

  // One group of PK results in cycle `cycle` of the image.
  inline void observe(const Result& result, uint64_t cycle);
  // At the end of the image: results that never came, then the output region.
  void finish(const std::vector<OutputMap>& maps, const std::vector<uint8_t>& region, uint64_t cycle);

  const Divergence& first() const { return first_; }
  uint64_t mismatches() const { return mismatches_; }
  const std::vector<Expected>& expected() const { return expected_; }

 private:
  void compare(const OutputMap& map, const Expected& want, const std::vector<uint8_t>& region, uint64_t cycle);
  void report(const char* kind, uint32_t block, uint32_t phase, uint32_t y, uint32_t x, uint32_t channel,
              uint64_t cycle, int expected, int got);

  std::vector<uint8_t> bytes_;
  std::vector<Expected> expected_;
  std::vector<int> index_;  // of expected_, by block * 4 + phase; -1: none
  std::vector<Expected> outputs_;
  Divergence first_;
  uint64_t mismatches_ = 0;
};

inline void Golden::observe(const Result& result, uint64_t cycle) {
  if (expected_.empty()) return;
  const int found = index_[result.block << 2 | result.phase];
  const uint32_t y = result.y, x = result.x, group = result.group;
  const int8_t* const got = result.data;
  const uint32_t first = group * PK;
  if (found < 0) return report("unexpected", result.block, result.phase, y, x, first, cycle, 0, got[0]);
  Expected& map = expected_[static_cast<size_t>(found)];
  // lanes behind the last channel, which fill a pixel's pitch
  if (y < map.rows && x < map.width && first >= map.channels && first < map.channels + MAX_PITCH) return;
  if (y >= map.rows || x >= map.width || group >= map.groups) {
    return report("unexpected", map.block, map.phase, y, x, first, cycle, 0, got[0]);
  }
  const uint64_t pixel = static_cast<uint64_t>(y) * map.width + x;
  const uint64_t slot = pixel * map.groups + group;
  if (map.present[slot]) return report("duplicate", map.block, map.phase, y, x, first, cycle, map.values[pixel * map.channels + first], got[0]);
  map.present[slot] = true;
  ++map.seen;
  const int8_t* const want = map.values + pixel * map.channels + first;
  const uint32_t lanes = map.channels - first < PK ? map.channels - first : PK;
  if (__builtin_expect(std::memcmp(want, got, lanes) == 0, 1)) return;
  for (uint32_t lane = 0; lane < lanes; ++lane) {
    if (want[lane] != got[lane]) report("value", map.block, map.phase, y, x, first + lane, cycle, want[lane], got[lane]);
  }
}
