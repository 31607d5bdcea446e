import { S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { policySignature, signUploadForm } from "../../../lambda/shared/uploadForm.js";

const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const NOW = new Date("2026-03-01T12:00:00.000Z");

function client(more: { sessionToken?: string } = {}, endpoint?: string): S3Client {
  return new S3Client({
    region: "eu-west-1",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: SECRET, ...more },
    ...(endpoint && { endpoint }),
  });
}

function form(s3: S3Client) {
  return signUploadForm(s3, {
    bucket: "results",
    key: "uploads/submitted/1.fasta",
    now: NOW,
    seconds: 900,
    maxBytes: 5,
  });
}

describe("signUploadForm", () => {
  it("signs as botocore does", () => {
    const policy = Buffer.from(`{"expiration": "2026-03-01T12:15:00.000Z", "conditions": [{"bucket": "b"}]}`);

    expect(
      policySignature(policy.toString("base64"), SECRET, ["20260301", "eu-west-1", "s3", "aws4_request"]),
    ).to.equal("8b0111c36f4e3931bb9e7d1673d333f2ab0367efab5c6d4ca887985d48fc91f2");
  });

  it("allows one object of one bucket, up to a size, for a time, and each field that it has", async () => {
    const { url, fields, max_bytes: bytes, expires_at: end } = await form(client({ sessionToken: "token" }));
    const policy = JSON.parse(Buffer.from(fields["policy"] ?? "", "base64").toString()) as {
      expiration: string;
      conditions: unknown[];
    };

    expect(url).to.equal("https://results.s3.eu-west-1.amazonaws.com/");
    expect([bytes, end, policy.expiration]).to.deep.equal([5, "2026-03-01T12:15:00.000Z", "2026-03-01T12:15:00.000Z"]);
    expect(policy.conditions).to.deep.include.members([
      { bucket: "results" },
      { key: "uploads/submitted/1.fasta" },
      { "x-amz-security-token": "token" },
      ["content-length-range", 1, 5],
    ]);
    const named = Object.keys(fields).filter((name) => name !== "policy" && name !== "x-amz-signature");
    expect(policy.conditions).to.have.length(named.length + 2);
    expect(JSON.stringify(fields)).to.not.include(SECRET);
  });

  it("has the address of the client, also with the bucket in the path", async () => {
    expect((await form(client({}, "http://127.0.0.1:4566"))).url).to.equal("http://127.0.0.1:4566/results/");
  });
});
