#include "golden.h"

#include <cstring>

#include "failure.h"

namespace {
constexpr uint32_t output_entry = UINT32_MAX;
}

// "FBG1", number of entries, then an entry: block, phase, rows, width, channels, offset of the values; all 32 bits.
// Entries with block 0xffffffff are the maps for the host, in their order.
Golden::Golden(const std::string& file) : index_(1024, -1) {
  if (file.empty()) return;
  bytes_ = read_bytes(file);
  const auto word = [&](size_t index) {
    uint32_t value = 0;
    if (4 * index + 4 > bytes_.size()) throw Failure("job", file + " is too short");
    std::memcpy(&value, bytes_.data() + 4 * index, 4);
    return value;
  };
  if (word(0) != 0x31474246) throw Failure("job", file + " is not a golden file");
  for (uint32_t i = 0; i < word(1); ++i) {
    const size_t at = 2 + 6 * static_cast<size_t>(i);
    Expected map{word(at), word(at + 1), word(at + 2), word(at + 3), word(at + 4), 0, nullptr, 0, {}};
    const uint64_t end = word(at + 5) + static_cast<uint64_t>(map.rows) * map.width * map.channels;
    if (end > bytes_.size()) throw Failure("job", file + " is too short");
    map.values = reinterpret_cast<const int8_t*>(bytes_.data() + word(at + 5));
    if (map.block == output_entry) {
      outputs_.push_back(map);
      continue;
    }
    if (map.block > 255 || map.phase > 3) throw Failure("job", file + " names a block or phase out of range");
    map.groups = (map.channels + PK - 1) / PK;
    index_[map.block << 2 | map.phase] = static_cast<int>(expected_.size());
    expected_.push_back(map);
  }
  restart();
}

void Golden::restart() {
  first_ = Divergence();
  mismatches_ = 0;
  for (Expected& map : expected_) {
    map.seen = 0;
    map.present.assign(static_cast<size_t>(map.rows) * map.width * map.groups, false);
  }
}

void Golden::report(const char* kind, uint32_t block, uint32_t phase, uint32_t y, uint32_t x, uint32_t channel,
                    uint64_t cycle, int expected, int got) {
  ++mismatches_;
  if (first_.found) return;
  first_ = Divergence{true, kind, block, phase, y, x, channel, cycle, expected, got};
}

void Golden::finish(const std::vector<OutputMap>& maps, const std::vector<uint8_t>& region, uint64_t cycle) {
  for (const Expected& want : expected_) {
    if (want.seen == want.present.size()) continue;
    for (size_t slot = 0; slot < want.present.size(); ++slot) {
      if (want.present[slot]) continue;
      const size_t pixel = slot / want.groups, channel = slot % want.groups * PK;
      report("missing", want.block, want.phase, static_cast<uint32_t>(pixel / want.width),
             static_cast<uint32_t>(pixel % want.width), static_cast<uint32_t>(channel), cycle,
             want.values[pixel * want.channels + channel], 0);
    }
  }
  if (outputs_.size() > maps.size()) throw Failure("job", "more maps for the host are expected than the job places");
  for (size_t i = 0; i < outputs_.size(); ++i) compare(maps[i], outputs_[i], region, cycle);
}

void Golden::compare(const OutputMap& map, const Expected& want, const std::vector<uint8_t>& region, uint64_t cycle) {
  const uint64_t reach = map.offset + static_cast<uint64_t>(map.rows - 1) * map.row_pitch +
                         static_cast<uint64_t>(map.width - 1) * map.pixel_pitch + map.channels;
  if (reach > region.size()) throw Failure("job", "a map for the host does not fit in the output region");
  uint32_t phase = 0;
  for (const Expected& made : expected_)
    if (made.block == map.block) phase = made.phase;
  for (uint32_t y = 0; y < map.rows; ++y) {
    for (uint32_t x = 0; x < map.width; ++x) {
      const size_t from = map.offset + static_cast<size_t>(y) * map.row_pitch + static_cast<size_t>(x) * map.pixel_pitch;
      for (uint32_t k = 0; k < map.channels; ++k) {
        const int value = want.values[(static_cast<size_t>(y) * map.width + x) * map.channels + k];
        const int got = static_cast<int8_t>(region[from + k]);
        if (value != got) report("output", map.block, phase, y, x, k, cycle, value, got);
      }
    }
  }
}
