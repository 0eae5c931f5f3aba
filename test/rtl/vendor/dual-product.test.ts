import { it } from "vitest";
import { expectBothProducts, expectOneBlock } from "./dual-product.ts";

it("the parts make both products of every second and third factor, and of every thirtieth first one", () =>
  expectBothProducts(30));

it("Yosys builds the part for 7-series devices of one DSP block", () => expectOneBlock("xc7"));
