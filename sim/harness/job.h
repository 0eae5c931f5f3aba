// The job that the runner wrote: files, sizes and options, one `key value...` a line.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

// How the slave takes addresses: as they come, or one transaction at a time, reads and writes in turn; a joint one takes
// that of a write, when it is the write's turn, only together with the first beat of its data.
enum class Slave { pipelined, serial, joint };

enum Channel : unsigned { channel_ar, channel_r, channel_aw, channel_w, channel_b };

// What a read that is answered with an error brings: what memory holds, what the bus carried before, anything.
enum class ErrorData { memory, stale, random };

struct MemoryConfig {
  double bytes = 16;       // a cycle, for read and write data together
  uint32_t latency = 40;   // cycles from an address to its first beat, from the last beat to the write response
  uint32_t outstanding = 16;
  uint64_t refresh_period = 0;  // 0: no refresh
  uint64_t refresh_length = 0;
  uint32_t spread = 0;     // cycles that chance adds to a latency, at most
  std::array<uint32_t, 5> held{};  // percent of cycles in which a handshake is held back, by channel
  uint64_t seed = 1;
  Slave slave = Slave::pipelined;
  uint64_t error_read = 0;   // burst, counted from 1, that is answered with an error; 0: none
  uint64_t error_write = 0;
  uint8_t error_response = 2;  // SLVERR, or 3: DECERR
  uint64_t silent_read = 0;    // burst, counted from 1, that is never answered; 0: none
  uint64_t silent_write = 0;
  bool open = false;           // bursts outside the regions are answered with DECERR and counted, not a failure
  ErrorData error_data = ErrorData::memory;
  uint32_t error_beat = 0;  // of that read burst, counted from 1; 0: all
};

// Where a map for the host lies in the output region, and the block that writes it.
struct OutputMap {
  uint32_t block = 0, offset = 0, rows = 0, width = 0, channels = 0, row_pitch = 0, pixel_pitch = 0;
};

struct ImageJob {
  std::string input;   // file
  std::string golden;  // file, or empty
};

// A bit of the model region that is wrong while the first image runs.
struct Flip {
  uint32_t offset = 0, bit = 0;
};

// A bit of a register that is wrong from before the first image until behind it.
struct RegisterFlip {
  uint32_t address = 0, bit = 0;
};

struct Job {
  std::string model;
  std::vector<ImageJob> images;
  uint32_t output_bytes = 0;
  uint32_t workspace_bytes = 0;
  std::vector<OutputMap> outputs;
  MemoryConfig memory;
  uint64_t max_cycles = UINT64_MAX;      // of one image
  uint64_t stall_limit = 1000000;        // cycles without a result or a memory beat
  uint64_t reset_at = 0;                 // cycle of the first image; 0: no reset
  uint64_t stop_at = 0;                  // cycle of the first image; 0: it is not stopped
  uint32_t register_traffic = 0;         // percent of cycles in which an access of the control port begins while an image runs
  std::vector<Flip> flips;
  std::vector<RegisterFlip> register_flips;
  bool recover = false;                  // an image that hangs is ended by a reset, and the next one runs
  uint32_t watchdog = 0;                 // cycles without progress that end an image; 0: as after reset
  uint32_t model_base = 0x10000000;
  bool events = false;
  std::string trace;                     // waveform file, or empty
  uint64_t trace_from = 0, trace_to = UINT64_MAX;  // cycles of image trace_image
  bool trace_window = false;
  uint32_t trace_image = 0;
};

Job read_job(const std::string& file);
std::vector<uint8_t> read_bytes(const std::string& file);
void write_bytes(const std::string& file, const std::vector<uint8_t>& bytes);
