import { removeCommand, setCommand, type ConfigFault } from "./faults.js";
import type { StackSettings } from "./keys.js";

type ScanSettings = Partial<
  Pick<StackSettings, "scan" | "scanSchedule" | "scanTimeZone" | "scanInput" | "resultsCatalog">
>;

/** The time zone without a schedule, which is the default of Pulumi.yaml. */
const NO_TIME_ZONE = "UTC";

/** Faults between the keys of scans: keys that need another key. */
export function scanFaults(settings: ScanSettings): ConfigFault[] {
  const { scan = false, scanSchedule, scanTimeZone = NO_TIME_ZONE, scanInput = "", resultsCatalog } = settings;
  const faults: ConfigFault[] = [];
  if (scan && resultsCatalog === false) {
    const problem = "allowed only with resultsCatalog true: a scan writes its results to the result store";
    faults.push({ key: "scan", value: "true", problem, fix: setCommand("resultsCatalog", "true") });
  }
  if (scanSchedule === "") {
    const unused = { scanTimeZone: scanTimeZone === NO_TIME_ZONE ? "" : scanTimeZone, scanInput };
    for (const [key, value] of Object.entries(unused)) {
      if (value === "") continue;
      const problem = "allowed only with scanSchedule, which starts scans by the clock";
      faults.push({ key, value, problem, fix: removeCommand(key) });
    }
    return faults;
  }
  // A key that has a fault by itself has no value here.
  if (scanSchedule === undefined) return faults;
  if (!scan && settings.scan !== undefined) {
    const problem = "allowed only with scan true";
    faults.push({ key: "scanSchedule", value: scanSchedule, problem, fix: setCommand("scan", "true") });
  }
  if (settings.scanInput === "") {
    const problem = "allowed with scanSchedule is the key of the file to scan";
    faults.push({ key: "scanInput", value: "", problem, fix: setCommand("scanInput", "uploads/proteome.fasta") });
  }
  return faults;
}
