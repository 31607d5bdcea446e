import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import type {
  AlignmentAnswer,
  AlignmentTask,
  Conservation,
  RetrievalAnswer,
  RetrievalTask,
} from "../../../contract/evidence.js";
import type { ProteinVariants, SequenceInfos } from "../../../contract/genome.js";
import type { S3Location } from "../../../contract/storage.js";
import { startTwin, type Twin } from "../../../local/twin/start.js";
import { celegansGenome, entryOf, inline, transcript } from "../../lambda/evidence/support/celegans.js";
import { alignerMissing } from "../../support/aligners.js";
import { MODEL_DIR, prepareCheckpoint } from "./support/sharedTwin.js";

const missing = alignerMissing("clustalo");

/** From coordinates in S3 to an alignment in S3, through the real bundles. */
describe(`retrieval and alignment on the twin${missing === undefined ? "" : `: ${missing}`}`, function () {
  this.timeout(120_000);

  let twin: Twin;
  let s3: S3Client;
  let bucket: string;

  before(async function () {
    if (missing !== undefined) return this.skip();
    prepareCheckpoint();
    twin = await startTwin({ modelDir: MODEL_DIR, config: { evidence: "true" } });
    s3 = new S3Client(twin.clientConfig);
    bucket = String(twin.outputs["s3BucketName"]);
    const { fasta, fai, gzi } = celegansGenome();
    await put("genomes/WBcel235.fna.gz", fasta);
    await put("genomes/WBcel235.fna.gz.fai", fai);
    await put("genomes/WBcel235.fna.gz.gzi", gzi);
  });

  after(async () => {
    await (twin as Twin | undefined)?.stop();
  });

  async function put(Key: string, Body: string | Buffer): Promise<void> {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  }

  async function text({ bucket: Bucket, key: Key }: S3Location): Promise<string> {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToString()) ?? "";
  }

  async function invoke<Answer>(output: string, task: RetrievalTask | AlignmentTask): Promise<Answer> {
    const lambda = new LambdaClient(twin.clientConfig);
    const call = new InvokeCommand({ FunctionName: String(twin.outputs[output]), Payload: JSON.stringify(task) });
    const { Payload, FunctionError } = await lambda.send(call);
    const answer = JSON.parse(Payload?.transformToString() ?? "null") as Answer;
    if (FunctionError !== undefined) throw new Error(JSON.stringify(answer));
    return answer;
  }

  it("makes and aligns the proteins of regions, of which one fails, and places a variant", async () => {
    const genome = `s3://${bucket}/genomes/WBcel235.fna.gz`;
    const entries = [
      entryOf(transcript("apl-1"), genome, { variants: [inline("yn32", 5_114_224, 5_114_224, "C", "T")] }),
      entryOf(transcript("lin-5"), genome),
      entryOf(transcript("mgl-1"), "https://elsewhere.example.org/genome.fna.gz"),
      { ...entryOf(transcript("age-1"), genome), seq_strand: "up" },
    ];
    await put("evidence/test/regions.json", JSON.stringify(entries));
    const retrieved = await invoke<RetrievalAnswer>("retrievalFunctionName", {
      task: "retrieve",
      regions: { bucket, key: "evidence/test/regions.json" },
      output: { bucket, key: "evidence/test/retrieval/" },
    });

    expect(retrieved.count).to.equal(3);
    expect(retrieved.failed.map(({ unique_entry_id }) => unique_entry_id)).to.deep.equal(["ZC506.4a.1", "B0334.8a.1"]);
    expect(retrieved.failed[0]?.reason).to.match(/is not in a folder that genomes may be read from/);
    expect(retrieved.failed[1]?.reason).to.equal("'seq_strand' is neither + nor -.");
    const [scored] = JSON.parse(await text(retrieved.variants)) as ProteinVariants[];
    expect(scored?.to_score).to.deep.equal([{ variant_ids: ["yn32"], variant: "E377K" }]);

    const aligned = await invoke<AlignmentAnswer>("alignmentFunctionName", {
      task: "align",
      sequences: retrieved.sequences,
      sequence_info: retrieved.sequence_info,
      reference: "C42D8.8b.1_ref",
      output: { bucket, key: "evidence/test/alignment/" },
    });

    expect(aligned).to.include({ sequences: 3, n_eff: 2 });
    expect(await text(aligned.alignment)).to.match(/^CLUSTAL O\(1\.2/);
    const infos = JSON.parse(await text(aligned.aligned_sequence_info)) as SequenceInfos;
    const [variant] = infos["C42D8.8b.1_alt"]?.embedded_variants ?? [];
    expect(variant?.alignment_start_pos).to.be.at.least(377);
    const conservation = JSON.parse(await text(aligned.conservation)) as Conservation;
    expect(conservation).to.include({ reference: "C42D8.8b.1_ref", aligner: "clustalo", note: "too few sequences" });
    expect(conservation.positions).to.have.length(684);
    expect(conservation.positions[376]).to.include({ residue: "E", column: variant?.alignment_start_pos });
  });
});
