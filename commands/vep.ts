/** `vep`: scores proteins, and reads jobs and results, in AWS or on the local twin. */
import { runProgram } from "./command.js";
import { inCommands } from "./vep/inCommands.js";
import { vepProgram } from "./vep/program.js";

await runProgram(vepProgram(), inCommands);
