/** Large libraries in a browser: part of the bundle, in the piece of it that the first network loads. */
import * as flatbuffers from "flatbuffers";
import protobufjs from "protobufjs";
import * as tsMorph from "ts-morph";
import * as zod from "zod";
import type { Libraries } from "../libraries.ts";
import { UnavailableError } from "../unavailable.ts";

const bundled: Partial<Libraries> = { flatbuffers, protobufjs, "ts-morph": tsMorph, zod };

export function library<Name extends keyof Libraries>(name: Name): Libraries[Name] {
  const found = bundled[name];
  if (found !== undefined) return found;
  throw new UnavailableError(name, "decode pictures with the page's own means and give an input's values");
}
