/** Large libraries, loaded by the first call that needs one: a command that does not pays nothing for it. */
import { createRequire } from "node:module";
import type * as cliProgress from "cli-progress";
import type * as flatbuffers from "flatbuffers";
import type protobuf from "protobufjs";
import type sharp from "sharp";
import type * as tsMorph from "ts-morph";
import type * as zod from "zod";

interface Libraries {
  readonly "cli-progress": typeof cliProgress;
  readonly flatbuffers: typeof flatbuffers;
  readonly protobufjs: typeof protobuf;
  readonly sharp: typeof sharp;
  readonly "ts-morph": typeof tsMorph;
  readonly zod: typeof zod;
}

const require = createRequire(import.meta.url);

/** A package by name, at once: `import()` would make every caller wait for a promise. Its types come by `import type`. */
export function library<Name extends keyof Libraries>(name: Name): Libraries[Name] {
  return require(name) as Libraries[Name];
}
