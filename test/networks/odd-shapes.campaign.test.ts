/** Layers of every shape on small arrays of every proportion. */
import { describeDense, describeShapes } from "./odd-shapes.ts";

describeShapes("4x4", "bytes=8,latency=25", false);
describeShapes("4x16", "bytes=16,latency=10", false);
describeShapes("8x16", "bytes=16,latency=40", true);
describeDense("8x8", "bytes=16,latency=40");
