import { visible } from "../ir/visible.ts";
import { library } from "../platform/library.ts";
import type { Io } from "./io.ts";

/** Reports how far long work has come. `total` and `done` in any one unit. */
export interface Progress {
  update(done: number, total: number, note?: string): void;
  /** A line that stays above the bar; nothing where there is no terminal. */
  say(line: string): void;
  /** Ends the report; call it also when the work failed. */
  stop(): void;
}

/** A bar that redraws itself on a terminal, a plain line every ten percent otherwise. Goes to stderr. */
export function startProgress(io: Io, title: string): Progress {
  return io.isTerminal ? bar(title) : lines(io, title);
}

function bar(title: string): Progress {
  const format = `${visible(title)} [{bar}] {percentage}% {note}, {eta_formatted} left`;
  const { Presets, SingleBar } = library("cli-progress");
  const line = new SingleBar(
    { format, formatTime: leftText, clearOnComplete: true, hideCursor: true },
    Presets.legacy,
  );
  let started = false;
  return {
    update(done, total, note = "") {
      if (!started) line.start(total, done, { note: visible(note) });
      started = true;
      line.setTotal(total);
      line.update(done, { note: visible(note) });
    },
    say(text) {
      // over the bar, which the next update draws below
      process.stderr.write(`\r\x1b[K${visible(text)}\n`);
    },
    stop() {
      if (started) line.stop();
    },
  };
}

/** Seconds as one says them of a wait. */
export function leftText(seconds: number): string {
  if (seconds < 60) return "less than a minute";
  const minutes = Math.round(seconds / 60);
  return minutes === 1 ? "a minute" : `${minutes} minutes`;
}

function lines(io: Io, title: string): Progress {
  let next = 0;
  return {
    update(done, total, note = "") {
      const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
      if (percent < next) return;
      next = (Math.floor(percent / 10) + 1) * 10;
      io.err(`${title}: ${percent} %${note === "" ? "" : `, ${note}`}\n`);
    },
    say() {},
    stop() {
      next = Infinity;
    },
  };
}
