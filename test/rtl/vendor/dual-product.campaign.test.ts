import { it } from "vitest";
import { expectBothProducts } from "./dual-product.ts";

it("the parts make both products of all operands", () => expectBothProducts(1));
