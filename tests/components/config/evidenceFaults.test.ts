import { expect } from "chai";
import { faults, given } from "./support/configuration.js";

const ON = { evidence: "true" };
const ISOLATED = { ...ON, network: "isolated" };
const IN_S3 = "s3://our-genomes/fasta/";
const ON_THE_WEB = "https://s3.amazonaws.com/agrjbrowse/fasta/";

describe("The keys of evidence", () => {
  for (const values of [
    ON,
    ISOLATED,
    { ...ON, genomeSources: `${IN_S3},${ON_THE_WEB}` },
    { ...ON, genomeSources: "https://genomes.example.org/~lab/" },
    { ...ISOLATED, genomeSources: IN_S3 },
    { ...ON, alignmentSubnetIds: "subnet-0123456789abcdef0" },
    {
      ...ISOLATED,
      genomeSources: ON_THE_WEB,
      vpcId: "vpc-0123456789abcdef0",
      subnetIds: "subnet-0123456789abcdef0,subnet-0123456789abcdef1",
      securityGroupIds: "sg-0123456789abcdef0",
    },
  ]) {
    it(`take ${JSON.stringify(values)}`, async () => {
      await given(values);

      expect(faults()).to.deep.equal([]);
    });
  }

  for (const value of [
    "http://genomes.example.org/fasta/",
    "https://genomes.example.org/fasta",
    "https://169.254.169.254/",
    "https://localhost/",
    "https://genomes.example.org:8443/",
    "https://user@genomes.example.org/",
    "https://genomes.example.org/*/",
    "s3://Our_Genomes/fasta/",
    "s3://our-genomes/",
    "file:///genomes/",
    `${IN_S3},${IN_S3}`,
  ]) {
    it(`refuse genomeSources '${value}'`, async () => {
      await given({ ...ON, genomeSources: value });

      expect(faults().map((fault) => [fault.key, fault.value])).to.deep.equal([["genomeSources", value]]);
    });
  }

  for (const [values, problem, fix] of [
    [{ genomeSources: IN_S3 }, /^allowed only with evidence true/, "pulumi config set evidence true"],
    [{ ...ISOLATED, genomeSources: ON_THE_WEB }, /has no way to the internet/, "pulumi config rm genomeSources"],
    [
      { ...ISOLATED, genomeSources: `${ON_THE_WEB},${IN_S3}` },
      /allowed are folders of S3; copy the genomes to genomes\//,
      `pulumi config set genomeSources ${IN_S3}`,
    ],
  ] as const) {
    it(`refuse ${JSON.stringify(values)} together`, async () => {
      await given(values);
      const [fault, ...others] = faults();

      expect(others).to.deep.equal([]);
      expect(fault).to.include({ key: "genomeSources", fix });
      expect(fault?.problem).to.match(problem);
    });
  }
});
