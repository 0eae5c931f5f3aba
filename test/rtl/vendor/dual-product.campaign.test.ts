import { it } from "vitest";
import { expectBothProducts, expectOneBlock } from "./dual-product.ts";

it("the parts make both products of all operands", () => expectBothProducts(1));

it.each(["xcup", "ecp5"] as const)("Yosys builds the part for %s of one DSP block", expectOneBlock);
