import { expect } from "chai";
import { faults, given } from "./support/configuration.js";

describe("The keys of working hours and the slow step-down", () => {
  for (const values of [
    { minCapacity: "0", workHours: "Mon-Fri 8-18 Europe/Berlin" },
    { minCapacity: "0", workHours: "mon,wed,fri-sun 0-24" },
    { workHours: "Sat 7-8 America/New_York", workHoursCapacity: "2" },
    { stepDownMinutes: "10" },
    { stepDownMinutes: "1440" },
  ]) {
    it(`take ${JSON.stringify(values)}`, async () => {
      await given(values);

      expect(faults()).to.deep.equal([]);
    });
  }

  for (const [key, value] of [
    ["workHours", "weekdays"],
    ["workHours", "Mon-Fri 18-8"],
    ["workHours", "Mon-Fri 8-25"],
    ["workHours", "Fri-Mon 8-18"],
    ["workHours", "Mon-Xyz 8-18"],
    ["workHours", "Mon-Fri 8-18 Berlin"],
    ["workHours", "Mon-Fri 8-18 +01:00"],
    ["workHours", "Mon-Fri 8:30-18"],
    ["workHoursCapacity", "0"],
    ["stepDownMinutes", "5"],
    ["stepDownMinutes", "1441"],
  ] as const) {
    it(`refuse ${key} '${value}'`, async () => {
      await given({ minCapacity: "0", workHours: "Mon-Fri 8-18", [key]: value });

      expect(faults().map((fault) => [fault.key, fault.value])).to.deep.equal([[key, value]]);
    });
  }

  for (const [values, expected] of [
    [{ workHours: "Mon-Fri 8-18" }, ["workHoursCapacity", "1", "pulumi config set workHoursCapacity 2"]],
    [
      { minCapacity: "1", maxCapacity: "1", workHours: "Mon-Fri 8-18" },
      ["workHoursCapacity", "1", "pulumi config set maxCapacity 2"],
    ],
    [
      { minCapacity: "0", workHours: "Mon-Fri 8-18", workHoursCapacity: "3" },
      ["workHoursCapacity", "3", "pulumi config set workHoursCapacity 1"],
    ],
    [{ workHoursCapacity: "2" }, ["workHoursCapacity", "2", "pulumi config rm workHoursCapacity"]],
    [
      { enableAutoscaling: "false", stepDownMinutes: "60" },
      ["stepDownMinutes", "60", "pulumi config rm stepDownMinutes"],
    ],
    [
      { enableAutoscaling: "false", minCapacity: "0", workHours: "Mon-Fri 8-18" },
      ["workHours", "Mon-Fri 8-18", "pulumi config rm workHours"],
    ],
    [{ maxCapacity: "1", stepDownMinutes: "60" }, ["stepDownMinutes", "60", "pulumi config rm stepDownMinutes"]],
  ] as const) {
    it(`contradict others: ${JSON.stringify(values)}`, async () => {
      await given(values);

      const found = faults();

      expect(found.map(({ key, value, fix }) => [key, value, fix])).to.deep.equal([expected]);
      expect(found[0]?.problem).to.include("allowed");
    });
  }
});
