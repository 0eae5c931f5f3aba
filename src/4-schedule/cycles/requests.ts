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

/** A reader of maps asks for beats where the map lies: in memory or in the scratchpad, in one only when the other has answered. */
export type MapRequest = (region: MapPlace["region"], beats: number, arrived: () => void) => Process;

export function mapRequests(m: Machine, client: "rows" | "residual"): MapRequest {
  let open = 0;
  let lastOnChip = false;
  return function* (region, beats, arrived) {
    const onChip = region === "chip";
    yield () => open === 0 || lastOnChip === onChip;
    lastOnChip = onChip;
    open++;
    const answered = () => {
      open--;
      arrived();
    };
    if (!onChip) {
      yield* request(m, client, beats, answered);
      return;
    }
    m.wantingChip.add(client);
    yield () => m.scratchpad.hasRoom() && !(client === "rows" && m.wantingChip.has("residual"));
    m.wantingChip.delete(client);
    m.scratchpad.read(beats, answered);
    yield 1;
  };
}
