/** Layers of every shape on two arrays, one of them packed; on more: odd-shapes.campaign.test.ts. */
import { describeDense, describeShapes, describeWindows } from "./odd-shapes.ts";

describeShapes("8x4", "bytes=16,latency=40", false);
describeShapes("8x8", "bytes=8,latency=40", true);
describeDense("4x4", "bytes=8,latency=25");
describeWindows("8x16", "bytes=16,latency=40");
describeWindows("4x16", "bytes=8,latency=25", true);
