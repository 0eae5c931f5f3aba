/** What stands behind the lanes: kernels, and the slots of tables; how a phase names one of them. */
import { isSameKernel, type ActivationKernel } from "../ir/activation-kernel.ts";
import { InputError } from "../ir/errors.ts";
import { item } from "../ir/known.ts";
import type { Draft } from "./draft.ts";
import { unsupported } from "./operator-parts.ts";
import type { Hardware, Operator } from "./plan.ts";
import { type BlockTables, isSameTable, TABLE_SLOTS } from "./tables.ts";

/** What the descriptor's field counts to. */
const MOST_ACTIVATIONS = 15;

/** The kernels of all phases, each once. */
export function kernelsOf(drafts: readonly Draft[]): readonly ActivationKernel[] {
  const kernels: ActivationKernel[] = [];
  const slots = drafts.some(({ phases }) => phases.some(({ operator }) => operator?.lookup))
    ? TABLE_SLOTS
    : 0;
  for (const { operator } of drafts.flatMap(({ phases }) => phases)) {
    const node = operator?.activation;
    if (!node || kernels.some((known) => isSameKernel(known, node.kernel))) continue;
    kernels.push(node.kernel);
    if (kernels.length + slots > MOST_ACTIVATIONS)
      throw new InputError({
        ...unsupported(node, `kernel number ${kernels.length}, ${node.kernel.name}`),
        supported: `${MOST_ACTIVATIONS - slots} different kernels as activations${slots > 0 ? ` beside ${slots} slots for tables` : ""}`,
      });
  }
  return kernels;
}

/** The hardware, and what stands behind its lanes for a block. */
export interface Behind {
  readonly hardware: Hardware;
  readonly activations: readonly ActivationKernel[];
  readonly tables: BlockTables;
}

function slotOf({ slots, values }: BlockTables, table: Int8Array): number {
  return item(
    slots,
    values.findIndex((other) => isSameTable(other, table)),
  );
}

/** The number of an operator's kernel, or behind the kernels that of its table's slot; 0 without either. */
export function activationOf(
  operator: Operator | null,
  { activations, tables }: Pick<Behind, "activations" | "tables">,
): number {
  if (operator?.lookup) return activations.length + 1 + slotOf(tables, operator.lookup.table);
  const node = operator?.activation;
  return node ? activations.findIndex((kernel) => isSameKernel(kernel, node.kernel)) + 1 : 0;
}
