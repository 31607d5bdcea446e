import { createHmac } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { signUploadForm } from "../../../lambda/shared/uploadForm.js";

const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

function client(more: { sessionToken?: string } = {}, endpoint?: string): S3Client {
  return new S3Client({
    region: "eu-west-1",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: SECRET, ...more },
    ...(endpoint && { endpoint, forcePathStyle: true }),
  });
}

function form(s3: S3Client) {
  return signUploadForm(s3, { bucket: "results", key: "uploads/submitted/1.fasta", seconds: 900, maxBytes: 5 });
}

describe("signUploadForm", () => {
  it("allows one object of one bucket, up to a size, for a time, and each field that it has", async () => {
    const start = Date.now();
    const { url, fields, max_bytes: bytes, expires_at: end } = await form(client({ sessionToken: "token" }));
    const policy = JSON.parse(Buffer.from(fields["Policy"] ?? "", "base64").toString()) as {
      expiration: string;
      conditions: (Record<string, string> | unknown[])[];
    };

    expect(url).to.equal("https://results.s3.eu-west-1.amazonaws.com/");
    expect([bytes, end]).to.deep.equal([5, policy.expiration]);
    expect(Date.parse(end) - start).to.be.within(899_000, 960_000);
    expect(policy.conditions).to.deep.include.members([
      { bucket: "results" },
      { key: "uploads/submitted/1.fasta" },
      { "X-Amz-Security-Token": "token" },
      ["content-length-range", 1, 5],
    ]);
    const named = Object.keys(fields).filter((name) => name !== "Policy" && name !== "X-Amz-Signature");
    expect(policy.conditions).to.have.length(named.length + 1);
    expect(JSON.stringify(fields)).to.not.include(SECRET);
  });

  it("signs the policy as S3 checks it", async () => {
    const { fields } = await form(client());
    // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
    const scope = fields["X-Amz-Credential"]?.split("/").slice(1) ?? [];
    const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
    const key = scope.reduce<string | Buffer>(hmac, `AWS4${SECRET}`);

    expect(scope.slice(1)).to.deep.equal(["eu-west-1", "s3", "aws4_request"]);
    expect(fields["X-Amz-Signature"]).to.equal(hmac(key, fields["Policy"] ?? "").toString("hex"));
  });

  it("has the address of the client, also with the bucket in the path", async () => {
    expect((await form(client({}, "http://127.0.0.1:4566"))).url).to.match(/^http:\/\/127\.0\.0\.1:4566\/results\/?$/);
  });
});
