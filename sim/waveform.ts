import { closeSync, openSync } from "node:fs";
import { InputError } from "../src/ir/errors.ts";
import type { WaveformKind } from "./tools/verilator.ts";

/** A waveform that the simulation writes. */
export interface WaveformOptions {
  /** `.fst` or `.vcd`. */
  readonly file: string;
  /** Cycles of one image, both ends included; cycle 0 follows the one that accepts the start. Default: everything. */
  readonly window?: { readonly from: number; readonly to: number };
  /** The image that the window belongs to; default 0. */
  readonly image?: number;
}

/** By the file's extension; throws InputError for any other than `.fst` and `.vcd`. */
export function waveformKind(waveform: WaveformOptions | undefined): WaveformKind {
  if (waveform === undefined) return "none";
  const extension = /\.(fst|vcd)$/i.exec(waveform.file)?.[1]?.toLowerCase();
  if (extension === "fst" || extension === "vcd") return extension;
  throw new InputError({
    code: "trace-file",
    node: "--trace",
    found: waveform.file,
    supported: "a file name that ends in .fst or .vcd",
    fix: "give the file one of these extensions",
  });
}

/** Parses `FROM:TO`, in cycles. Throws InputError. */
export function parseWindow(text: string): { from: number; to: number } {
  const found = /^(\d+):(\d+)$/.exec(text);
  const from = Number(found?.[1]);
  const to = Number(found?.[2]);
  if (found !== null && from <= to) return { from, to };
  throw new InputError({
    code: "trace-window",
    node: "--trace-window",
    found: text,
    supported: "FROM:TO, two cycle numbers of which the first is not the larger",
    fix: "write it as in --trace-window 12000:13000",
  });
}

/** Throws InputError when the file cannot be written, before minutes of simulation. */
export function checkWritable(waveform: WaveformOptions): void {
  try {
    closeSync(openSync(waveform.file, "w"));
  } catch (error) {
    throw new InputError({
      code: "trace-file",
      node: "--trace",
      found: `${waveform.file}, which cannot be written (${error instanceof Error ? error.message : "unknown reason"})`,
      supported: "a file in a folder that exists and may be written",
      fix: "create the folder or choose another file",
    });
  }
}
