import { expect, it } from "vitest";
import { hexWords } from "../../../codegen/bench/hex.ts";

it("writes words with the lowest address in the lowest bits, and fills the last one", () => {
  const text = new TextDecoder().decode(hexWords(Uint8Array.of(0x01, 0xfa, 0x80, 0xff, 0x7e), 4));
  expect(text).toBe("ff80fa01\n0000007e\n");
});
