#include "report.h"

#include <cstdio>

namespace {
std::string quote(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out + '"';
}
using Number = unsigned long long;

void print_divergence(const Divergence& d) {
  if (!d.found) {
    std::printf("null");
    return;
  }
  std::printf("{\"kind\":\"%s\",\"block\":%u,\"phase\":%u,\"y\":%u,\"x\":%u,\"channel\":%u,\"cycle\":%llu,\"expected\":%d,\"got\":%d}",
              d.kind.c_str(), d.block, d.phase, d.y, d.x, d.channel, Number(d.cycle), d.expected, d.got);
}

void print_image(const ImageReport& image) {
  std::printf("{\"cycles\":%llu,\"startCycle\":%llu,\"divergence\":", Number(image.cycles), Number(image.start_cycle));
  print_divergence(image.divergence);
  std::printf(",\"mismatches\":%llu,\"readBytes\":%llu,\"writeBytes\":%llu,\"readBursts\":%llu,\"writeBursts\":%llu",
              Number(image.mismatches), Number(image.read_bytes), Number(image.write_bytes), Number(image.read_bursts),
              Number(image.write_bursts));
  std::printf(",\"outsideReads\":%llu,\"outsideWrites\":%llu", Number(image.outside_reads), Number(image.outside_writes));
  std::printf(",\"errorRegister\":%u,\"errorPlace\":%u,\"errorAddress\":%u", image.error_register, image.error_place,
              image.error_address);
  std::printf(",\"counters\":[%u,%u,%u,%u,%u,%u]", image.counters[0], image.counters[1], image.counters[2], image.counters[3], image.counters[4], image.counters[5]);
  std::printf(",\"results\":[");
  const char* comma = "";
  for (const Expected& map : image.results) {
    std::printf("%s{\"block\":%u,\"phase\":%u,\"expected\":%llu,\"seen\":%llu}", comma, map.block, map.phase,
                Number(map.rows) * map.width * map.groups, Number(map.seen));
    comma = ",";
  }
  std::printf("],\"phases\":[");
  comma = "";
  for (size_t i = 0; i < image.phases.size(); ++i) {
    const PhaseStatistics& phase = image.phases[i];
    if (!phase.active) continue;
    std::printf("%s{\"block\":%zu,\"phase\":%zu,\"first\":%llu,\"last\":%llu,\"cycles\":[", comma, i / 4, i % 4,
                Number(phase.first), Number(phase.last));
    for (unsigned r = 0; r < reason_idle; ++r) std::printf("%s%llu", r == 0 ? "" : ",", Number(phase.reasons[r]));
    std::printf("]}");
    comma = ",";
  }
  Number idle = 0;
  for (const PhaseStatistics& phase : image.phases) idle += phase.reasons[reason_idle];
  std::printf("],\"idleCycles\":%llu,\"failure\":", idle);
  if (image.failure.empty()) std::printf("null");
  else std::printf("{\"kind\":%s,\"message\":%s}", quote(image.failure_kind).c_str(), quote(image.failure).c_str());
  std::printf("}");
}
}  // namespace

void print_report(const std::vector<ImageReport>& images, uint64_t cycles, double seconds) {
  std::printf("{\"cycles\":%llu,\"seconds\":%.6f,\"images\":[", Number(cycles), seconds);
  const char* comma = "";
  for (const ImageReport& image : images) {
    std::printf("%s\n", comma);
    print_image(image);
    comma = ",";
  }
  std::printf("]}\n");
}
