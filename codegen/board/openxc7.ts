/** The open flow for 7 series devices, openXC7's: it has no memory controller, so that the system around the accelerator is LiteX's. */
import type { Board } from "../../src/boards/schema.ts";
import type { View } from "../render.ts";

/** Folders of prjxray's database, by the part's letter. */
const families: Readonly<Record<string, string>> = {
  a: "artix7",
  k: "kintex7",
  s: "spartan7",
  z: "zynq7",
};

/** What the template asks for; `hasOpenXc7` alone for boards that the flow does not know, or whose memory is a processor's. */
export function openXc7View({ litexPlatform, memory, part }: Board): View {
  const [, chip, letter = ""] = /^(xc7([a-z])\w+)-\d\w*$/.exec(part) ?? [];
  const family = families[letter];
  if (chip === undefined || family === undefined || litexPlatform === null || memory?.controller === "ps")
    return { hasOpenXc7: false };
  return { hasOpenXc7: true, chip, family };
}
