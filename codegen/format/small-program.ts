/** What is made of the small engine's tables: Verilog modules that name the fields of its program. */
import { constantWords, moveWords, packetWords } from "../../src/format/small-program.ts";
import type { FieldName } from "../../src/format/fields.ts";
import { known } from "../../src/ir/known.ts";
import { moduleText } from "./verilog.ts";
import { assignment, portOf, wiresModule, wiresOfFields } from "./wires.ts";

const table = "src/format/small-program.ts";

/** The modules by name. */
export function smallModules(): ReadonlyMap<string, string> {
  return new Map([
    ["small_packet_fields", packetModule()],
    ["small_move_fields", moveModule()],
    ["small_constant_fields", constantModule()],
  ]);
}

function packetModule(): string {
  const purpose = ["What stands in front of a packet of the small engine's stream. Combinational."];
  const text = { name: "small_packet_fields", table, purpose };
  return wiresModule(text, packetWords, wiresOfFields(packetWords));
}

function moveModule(): string {
  const purpose = ["What a move of the small engine's walker adds. Combinational."];
  const text = { name: "small_move_fields", table, purpose };
  return wiresModule(text, moveWords, wiresOfFields(moveWords));
}

/** A field that its unit counts down, and therefore takes itself when the word passes. */
const PASSING: FieldName<typeof constantWords> = "tiles";

function constantModule(): string {
  const all = wiresOfFields(constantWords);
  const passing = known(
    all.find(({ name }) => name === PASSING),
    "the constants have the field",
  );
  const held = all.filter((wire) => wire !== passing);
  const numbers = constantWords.map((_, word) => word);
  return moduleText({
    name: "small_constant_fields",
    table,
    purpose: ["The constants of a small engine's layer. Latency: one cycle after their word."],
    ports: [
      { ports: [{ direction: "input", name: "clk_i", width: 1 }] },
      {
        heading: "the words, one after the other",
        ports: [
          { direction: "input", name: "valid_i", width: 1 },
          { direction: "input", name: "word_i", width: 2, comment: "which one" },
          { direction: "input", name: "data_i", width: 32 },
        ],
      },
      { heading: "fields, until the next layer's", ports: held.map(portOf) },
      {
        heading: "a field that is not held: there with its word",
        ports: [{ direction: "output", name: `${PASSING}_valid_o`, width: 1 }, portOf(passing)],
      },
    ],
    body: [
      `  reg [31:0] ${numbers.map((word) => `word${word}_q`).join(", ")};`,
      "  always @(posedge clk_i) begin",
      ...numbers.map((word) => `    if (valid_i && word_i == 2'd${word}) word${word}_q <= data_i;`),
      "  end",
      `  wire [${32 * numbers.length - 1}:0] words = {${[...numbers]
        .reverse()
        .map((word) => `word${word}_q`)
        .join(", ")}};`,
      ...held.map((wire) => assignment(wire, "words", 0)),
      `  assign ${PASSING}_valid_o = valid_i && word_i == 2'd${passing.word};`,
      assignment(passing, "data_i", passing.word),
      "  wire unused_words = &{1'b0, words};",
    ],
  });
}
