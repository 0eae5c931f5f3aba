/** A behavioural QSPI flash on the pins of spi_flash_reader: what a W25Q128JV (Winbond, revision F) does of it. */
import type { Actor, Dut } from "../bench/index.ts";

export interface FlashOptions {
  /** What the flash holds from `address` on. */
  readonly bytes: Uint8Array;
  readonly address: number;
  /** Clock cycles from the release of power-down until commands are taken (tRES1, 3 us). */
  readonly wakeCycles: number;
  /** Before the names of the pins. */
  readonly prefix?: string;
}

export interface FlashActor extends Actor {
  /** Bytes that were clocked out, since it began. */
  readonly readBytes: number;
}

type Mode = "command" | "status" | "address" | "data" | "ignore";

const RELEASE = 0xab;
const VOLATILE_WRITE_ENABLE = 0x50;
const WRITE_STATUS_2 = 0x31;
const QUAD_READ = 0x6b;
const QUAD_ENABLE = 0x02;
/** 24 address bits and 8 dummy clocks. */
const ADDRESS_CLOCKS = 32;

/**
 * Throws when the module does what the data sheet forbids: a command during power-down or wake-up or an unknown one, a quad read
 * without quad enable, a drive of IO0 while the flash drives it, a read outside `bytes`, a command cut short.
 */
export function quadFlash(dut: Dut, options: FlashOptions): FlashActor {
  const { address, bytes, prefix = "flash_", wakeCycles } = options;
  let poweredDown = true;
  let busyUntil = 0;
  let writeEnabled = false;
  let quadEnabled = false;
  let selected = false;
  let mode: Mode = "command";
  let shift = 0;
  let clocks = 0;
  let command = 0;
  let at = 0;
  let nibbles = 0;
  let sentNibbles = 0;
  let output = 15;
  let now = 0;

  const fail = (what: string): never => {
    throw new Error(`flash, cycle ${now}: ${what}`);
  };
  const begin = (): void => {
    if (now < busyUntil) fail("selected while it wakes up");
    [mode, shift, clocks] = ["command", 0, 0];
  };
  const end = (): void => {
    output = 15;
    if (mode === "data") return;
    if (mode === "status" && clocks === 8) {
      quadEnabled = (shift & QUAD_ENABLE) !== 0;
      writeEnabled = false;
    } else if (mode !== "ignore" || clocks !== 0) fail(`deselected in the middle of command ${command}`);
    if (mode === "ignore" && command === RELEASE) {
      poweredDown = false;
      busyUntil = now + wakeCycles;
    }
    if (mode === "ignore" && command === VOLATILE_WRITE_ENABLE) writeEnabled = true;
  };
  const decode = (): void => {
    command = shift;
    [shift, clocks] = [0, 0];
    if (poweredDown && command !== RELEASE) fail(`command ${command} during power-down`);
    if (command === RELEASE || command === VOLATILE_WRITE_ENABLE) mode = "ignore";
    else if (command === WRITE_STATUS_2 && writeEnabled) mode = "status";
    else if (command === QUAD_READ && quadEnabled) mode = "address";
    else fail(`command ${command} is unknown or not enabled`);
  };
  const nextNibble = (): void => {
    const byte = bytes[at - address + (nibbles >> 1)];
    if (byte === undefined) {
      fail(`a read at ${at + (nibbles >> 1)}, behind the end`);
      return;
    }
    output = nibbles % 2 === 0 ? byte >> 4 : byte & 15;
    nibbles += 1;
    sentNibbles += 1;
  };
  /** One clock pulse: the rising edge takes a bit, the falling edge puts the next four out. */
  const clock = (io0: number, driven: boolean): void => {
    if (mode === "data") {
      if (driven) fail("IO0 is driven by both sides");
      nextNibble();
      return;
    }
    if (!driven && !(mode === "address" && clocks >= 24)) fail("IO0 floats");
    clocks += 1;
    if (mode !== "address" || clocks <= 24) shift = ((shift << 1) | io0) & 0xffffff;
    if (mode === "command" && clocks === 8) decode();
    else if (mode === "address" && clocks === 24) at = shift;
    else if (mode === "address" && clocks === ADDRESS_CLOCKS) {
      if (driven) fail("IO0 is driven by both sides");
      mode = "data";
      nibbles = 0;
      nextNibble();
    }
  };
  return {
    get readBytes() {
      return sentNibbles >> 1;
    },
    drive() {
      dut.poke(`${prefix}io_i`, output);
    },
    observe() {
      now += 1;
      const isSelected = dut.peekNumber(`${prefix}cs_n_o`) === 0;
      if (isSelected !== selected) {
        if (isSelected) begin();
        else end();
        selected = isSelected;
      }
      const pulse = dut.peekNumber(`${prefix}sck_en_o`) === 1;
      if (!pulse || !isSelected) return;
      clock(dut.peekNumber(`${prefix}io0_o`), dut.peekNumber(`${prefix}io0_en_o`) === 1);
    },
  };
}
