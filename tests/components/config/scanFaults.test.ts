import { expect } from "chai";
import { faults, given } from "./support/configuration.js";

const ON = { scan: "true", resultsCatalog: "true" };

describe("The keys of scans", () => {
  for (const values of [
    ON,
    { ...ON, scanSchedule: "rate(12 hours)", scanInput: "uploads/a/b.fasta.gz" },
    { ...ON, scanSchedule: "cron(0 3 ? * SUN *)", scanTimeZone: "Europe/Berlin", scanInput: "uploads/a.fasta" },
    { ...ON, scanSchedule: "cron(15 10 L * ? 2026-2030)", scanTimeZone: "Asia/Kolkata", scanInput: "uploads/a.fasta" },
  ]) {
    it(`take ${JSON.stringify(values)}`, async () => {
      await given(values);

      expect(faults()).to.deep.equal([]);
    });
  }

  for (const [key, value] of [
    ["scanSchedule", "every day"],
    ["scanSchedule", "rate(1 days)"],
    ["scanSchedule", "rate(0 days)"],
    ["scanSchedule", "cron(0 3 * * *)"],
    ["scanSchedule", "0 3 ? * SUN *"],
    ["scanTimeZone", "Berlin"],
    ["scanTimeZone", "+01:00"],
    ["scanTimeZone", ""],
    ["scanInput", "proteome.fasta"],
    ["scanInput", "uploads/"],
    ["scanInput", "uploads/a b.fasta"],
  ] as const) {
    it(`refuse ${key} '${value}'`, async () => {
      await given({ ...ON, scanSchedule: "rate(1 day)", scanInput: "uploads/a.fasta", [key]: value });

      expect(faults().map((fault) => [fault.key, fault.value])).to.deep.equal([[key, value]]);
    });
  }

  for (const [values, expected] of [
    [{ scan: "true" }, ["scan", "true", "pulumi config set resultsCatalog true"]],
    [
      { resultsCatalog: "true", scanSchedule: "rate(1 day)", scanInput: "uploads/a.fasta" },
      ["scanSchedule", "rate(1 day)", "pulumi config set scan true"],
    ],
    [{ ...ON, scanSchedule: "rate(1 day)" }, ["scanInput", "", "pulumi config set scanInput uploads/proteome.fasta"]],
    [{ ...ON, scanInput: "uploads/a.fasta" }, ["scanInput", "uploads/a.fasta", "pulumi config rm scanInput"]],
    [{ ...ON, scanTimeZone: "Europe/Berlin" }, ["scanTimeZone", "Europe/Berlin", "pulumi config rm scanTimeZone"]],
  ] as const) {
    it(`need each other: ${JSON.stringify(values)}`, async () => {
      await given(values);

      const found = faults();

      expect(found.map(({ key, value, fix }) => [key, value, fix])).to.deep.equal([expected]);
      expect(found[0]?.problem).to.include("allowed");
    });
  }
});
