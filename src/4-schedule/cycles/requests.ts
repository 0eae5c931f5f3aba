/** Requests to read, as axi_read_arbiter and the scratchpad take them: one a cycle, the first of the clients that want one. */
import type { MapPlace } from "../plan.ts";
import type { Process } from "./kernel.ts";
import { clients, type Client, type Machine } from "./machine.ts";

const BURST_BYTES = 256;

/** Bursts of a run of beats: none crosses 256 aligned bytes. */
export function* bursts(m: Machine, address: number, beats: number): Generator<number, void, void> {
  const { busBytes } = m.plan.hardware;
  let at = address;
  for (let left = beats; left > 0;) {
    const room = (BURST_BYTES - (at % BURST_BYTES)) / busBytes;
    const n = Math.min(room, left);
    yield n;
    left -= n;
    at += n * busBytes;
  }
}

/** Waits for its turn and asks memory for beats; `arrived` runs with the last one. */
export function* request(m: Machine, client: Client, beats: number, arrived: () => void): Process {
  const before = clients.slice(0, clients.indexOf(client));
  m.wanting.add(client);
  yield () => m.memory.hasRoom() && !before.some((other) => m.wanting.has(other));
  m.wanting.delete(client);
  m.memory.read(beats, arrived);
  yield 1;
}

/** From a row's last request to the next row's first, and between any two where a scratchpad makes them wait for where they go. */
const TURN_CYCLES = 1;

/** A reader of maps asks for the beats of a row where the map lies: in memory or in the scratchpad, in one only when the other has answered. */
export type RowRequest = (
  region: MapPlace["region"],
  address: number,
  beats: number,
  arrived: () => void,
) => Process;

export function rowRequests(m: Machine, client: "rows" | "residual"): RowRequest {
  const hasChip = m.plan.hardware.chipDepth > 0;
  let open = 0;
  let lastOnChip = false;
  return function* (region, address, beats, arrived) {
    const onChip = region === "chip";
    let left = beats;
    for (const n of bursts(m, address, beats)) {
      yield () => open === 0 || lastOnChip === onChip;
      lastOnChip = onChip;
      open++;
      const answered = () => {
        open--;
        left -= n;
        if (left === 0) arrived();
      };
      if (onChip) yield* requestOnChip(m, client, n, answered);
      else yield* request(m, client, n, answered);
      if (hasChip) yield TURN_CYCLES;
    }
    if (!hasChip) yield TURN_CYCLES;
  };
}

/** Waits for its turn and asks the scratchpad for beats. */
function* requestOnChip(
  m: Machine,
  client: "rows" | "residual",
  beats: number,
  arrived: () => void,
): Process {
  m.wantingChip.add(client);
  yield () => m.scratchpad.hasRoom() && !(client === "rows" && m.wantingChip.has("residual"));
  m.wantingChip.delete(client);
  m.scratchpad.read(beats, arrived);
  yield 1;
}
