/** Types of the large libraries, which import nothing when the code runs. */
import type * as cliProgress from "cli-progress";
import type * as flatbuffers from "flatbuffers";
import type protobuf from "protobufjs";
import type sharp from "sharp";
import type * as tsMorph from "ts-morph";
import type * as zod from "zod";

export interface Libraries {
  readonly "cli-progress": typeof cliProgress;
  readonly flatbuffers: typeof flatbuffers;
  readonly protobufjs: typeof protobuf;
  readonly sharp: typeof sharp;
  readonly "ts-morph": typeof tsMorph;
  readonly zod: typeof zod;
}
