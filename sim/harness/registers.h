// Registers of the accelerator.
// Made of src/format/registers.ts by `npm run formats`: change the table, not this file.
#pragma once

#include <cstdint>

constexpr uint32_t REG_CONTROL = 0x00;
constexpr uint32_t REG_GLOBAL_ENABLE = 0x04;
constexpr uint32_t REG_ENABLE = 0x08;
constexpr uint32_t REG_STATUS = 0x0c;
constexpr uint32_t REG_MODEL = 0x10;
constexpr uint32_t REG_INPUT = 0x1c;
constexpr uint32_t REG_OUTPUT = 0x28;
constexpr uint32_t REG_WORKSPACE = 0x34;
constexpr uint32_t REG_CYCLES = 0x40;
constexpr uint32_t REG_STEPS = 0x44;
constexpr uint32_t REG_ROWS_WAIT = 0x48;
constexpr uint32_t REG_WEIGHTS_WAIT = 0x4c;
constexpr uint32_t REG_OUTPUT_WAIT = 0x50;
constexpr uint32_t REG_OTHER = 0x54;
constexpr uint32_t REG_ERROR = 0x60;
constexpr uint32_t REG_STOP = 0x64;
constexpr uint32_t REG_KEEP = 0x68;
constexpr uint32_t REG_WATCHDOG = 0x6c;
constexpr uint32_t REG_ERROR_PLACE = 0x70;
constexpr uint32_t REG_ERROR_ADDRESS = 0x74;

constexpr uint32_t CONTROL_START = 1;
constexpr uint32_t CONTROL_DONE = 2;
constexpr uint32_t CONTROL_IDLE = 4;
constexpr uint32_t CONTROL_READY = 8;
constexpr uint32_t CONTROL_AUTO_RESTART = 128;
constexpr uint32_t GLOBAL_ENABLE_ALL = 1;
constexpr uint32_t ENABLE_DONE = 1;
constexpr uint32_t STATUS_DONE = 1;
constexpr uint32_t ERROR_READ = 1;
constexpr uint32_t ERROR_WRITE = 2;
constexpr uint32_t ERROR_PROGRAM = 4;
constexpr uint32_t ERROR_BASE = 8;
constexpr uint32_t ERROR_STOPPED = 16;
constexpr uint32_t ERROR_WEIGHTS = 32;
constexpr uint32_t ERROR_WATCHDOG = 64;
constexpr uint32_t ERROR_OUTSIDE = 128;
constexpr uint32_t STOP_STOP = 1;
constexpr uint32_t KEEP_KEEP = 1;
constexpr uint32_t ERROR_PLACE_DECODE = 128;

constexpr uint32_t COUNTER_REGISTERS[] = {REG_CYCLES, REG_STEPS, REG_ROWS_WAIT, REG_WEIGHTS_WAIT, REG_OUTPUT_WAIT, REG_OTHER};
