/** What the page asks of its worker, and what comes back. */
import type { ArraySize, BufferOptions, InputError, MemoryOptions, ModelReport } from "../../src/index.ts";

export interface WantedHardware {
  readonly array?: ArraySize | undefined;
  readonly memory?: Partial<MemoryOptions> | undefined;
  readonly buffers?: BufferOptions | undefined;
  readonly board?: string | undefined;
}

export type Request =
  | { readonly kind: "names" }
  | { readonly kind: "open"; readonly model: string; readonly files: readonly NamedFile[] }
  | { readonly kind: "report"; readonly hardware: WantedHardware }
  | { readonly kind: "golden"; readonly pixels: Uint8Array }
  | { readonly kind: "project"; readonly hardware: WantedHardware };

export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Opened {
  readonly name: string;
  readonly macs: number;
  readonly parameters: number;
  readonly input: { readonly height: number; readonly width: number; readonly channels: number };
}

/** What the worker answers, by the kind of the request. */
export interface Answers {
  readonly names: {
    readonly models: readonly string[];
    readonly boards: readonly { readonly name: string; readonly title: string }[];
  };
  readonly open: Opened;
  readonly report: ModelReport & { readonly reasons: readonly string[] };
  readonly golden: {
    readonly top: readonly { readonly index: number; readonly label: string; readonly score: number }[];
    readonly values: readonly number[];
  };
  /** A zip file. */
  readonly project: Uint8Array;
}

/** A problem as Firebrick tells it. */
export type Told = Pick<InputError["problems"][number], "code" | "node" | "found" | "supported" | "fix">;

export interface Asked {
  readonly id: number;
  readonly request: Request;
}

export interface Answered {
  readonly id: number;
  readonly answer?: Answers[keyof Answers];
  /** Empty where the error is none of the user's input; `message` says it then. */
  readonly problems?: readonly Told[];
  readonly message?: string;
}
