/** What every importer takes and gives. */
import { InputError } from "../ir/errors.ts";
import type { Problem } from "../ir/errors.ts";
import type { Graph, Node } from "../ir/graph.ts";
import type { Shape } from "../ir/shapes.ts";
import { graphFault } from "../ir/verify.ts";
import { cutGraph } from "./until.ts";

export interface ModelFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** One operator as the file has it, also when Firebrick cannot read it. */
export interface ImportedLayer {
  readonly name: string;
  /** The framework's name of the operator, such as `CONV_2D`. */
  readonly operator: string;
  readonly inputs: readonly Shape[];
  readonly outputs: readonly Shape[];
  /** Absent where the operator has a problem. */
  readonly node?: Node;
  /** The other nodes of an operator that several stand for. */
  readonly parts?: readonly Node[];
  /** Of a layer whose weights are stored as a sparse codebook. */
  readonly stored?: StoredWeights;
}

/** How a Deep Compression file stores one layer. */
export interface StoredWeights {
  /** Weights, and zeros that stand in gaps which 4 bits cannot hold. */
  readonly entries: number;
  readonly nonzeroWeights: number;
  /** Codes of the 256 that any entry uses. */
  readonly codesUsed: number;
}

/** Everything that could be read. `graph` is there exactly when there is no problem. */
export interface Imported {
  readonly name: string;
  readonly format: string;
  readonly layers: readonly ImportedLayer[];
  /** Tensors of the layers' nodes. */
  readonly tensors: Graph["tensors"];
  readonly inputs: Graph["inputs"];
  readonly outputs: Graph["outputs"];
  readonly problems: readonly Problem[];
  readonly graph?: Graph;
}

export interface Importer {
  readonly name: string;
  /** Whether the file is of this importer's kind, by its name or its first bytes; says nothing about its soundness. */
  match(file: ModelFile): boolean;
  /**
   * Reads all that can be read and lists all that is wrong. `until`: the operators behind which the network shall end; what
   * lies behind them has no problems. Only importers that cut the file heed it.
   */
  read(file: ModelFile, until?: readonly string[]): Imported;
  readonly cutsFile?: true;
}

/** What the importer reads of the file. A graph that contradicts itself is a problem of the file. */
export function readWith(importer: Importer, file: ModelFile, until: readonly string[] = []): Imported {
  const whole = importer.read(file, until);
  const { graph, ...imported } = importer.cutsFile || until.length === 0 ? whole : cutImported(whole, until);
  if (!graph) return imported;
  const fault = graphFault(graph);
  if (fault === undefined) return { ...imported, graph };
  const problem = {
    code: "corrupt-file",
    node: file.path,
    found: fault,
    supported: "operators and tensors that agree in shape, type and scale",
    fix: "export the network again",
  };
  return { ...imported, problems: [...imported.problems, problem] };
}

function cutImported(whole: Imported, until: readonly string[]): Imported {
  if (!whole.graph) return whole;
  const graph = cutGraph(whole.graph, until);
  const layers = whole.layers.filter(({ node }) => node && graph.nodes.includes(node));
  return { ...whole, graph, layers, inputs: graph.inputs, outputs: graph.outputs };
}

/** The network in the file, up to the operators named. @throws InputError with all problems. */
export function openWith(importer: Importer, file: ModelFile, until: readonly string[] = []): Graph {
  const { graph, problems } = readWith(importer, file, until);
  if (!graph) throw new InputError(problems);
  return graph;
}
