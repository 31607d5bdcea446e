import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { FileStore } from "../../../../lambda/results/fileStore.js";

interface ListRequest {
  readonly Prefix: string;
  readonly Delimiter?: string;
  readonly ContinuationToken?: string;
}

/** Keys per page of a listing: few, so that tests see several pages. */
const PAGE = 3;

/** A bucket in memory behind a mocked client, with conditional writes. */
export class FakeBucket {
  readonly client = new S3Client({ region: "us-east-1" });
  readonly objects = new Map<string, Uint8Array>();
  readonly files = new FileStore(this.client, "bucket");
  /** Runs once, before the next new object that must not exist yet is written: what another run does meanwhile. */
  beforeNextCreate: (() => Promise<void>) | undefined;
  /** Answers the next PutObject requests with this error. */
  putError: Error | undefined;

  constructor() {
    const s3 = mockClient(this.client);
    s3.on(PutObjectCommand).callsFake(
      async (input: { Key: string; Body: string | Uint8Array; IfNoneMatch?: string }) => {
        if (this.putError) throw this.putError;
        if (input.IfNoneMatch === "*") await this.meanwhile();
        if (input.IfNoneMatch === "*" && this.objects.has(input.Key)) throw refused("PreconditionFailed", 412);
        this.objects.set(input.Key, Buffer.from(input.Body));
        return {};
      },
    );
    s3.on(GetObjectCommand).callsFake(({ Key, Range }: { Key: string; Range?: string }) => {
      const found = this.objects.get(Key);
      if (!found) throw new NoSuchKey({ message: "The specified key does not exist.", $metadata: {} });
      const [start, end] = /^bytes=(\d+)-(\d+)$/
        .exec(Range ?? "")
        ?.slice(1)
        .map(Number) ?? [0, found.length - 1];
      const bytes = found.slice(start, (end ?? 0) + 1);
      return {
        Body: {
          transformToByteArray: () => Promise.resolve(bytes),
          transformToString: () => Promise.resolve(Buffer.from(bytes).toString()),
        },
      };
    });
    s3.on(ListObjectsV2Command).callsFake((request: ListRequest) => this.list(request));
    s3.on(DeleteObjectsCommand).callsFake(({ Delete }: { Delete: { Objects: { Key: string }[] } }) => {
      for (const { Key } of Delete.Objects) this.objects.delete(Key);
      return {};
    });
  }

  /** The keys below a prefix, sorted. */
  keys(prefix = ""): string[] {
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  private async meanwhile(): Promise<void> {
    const other = this.beforeNextCreate;
    this.beforeNextCreate = undefined;
    await other?.();
  }

  private list({ Prefix, Delimiter, ContinuationToken = "0" }: ListRequest) {
    const all = this.keys(Prefix);
    if (Delimiter !== undefined) {
      const folders = new Set(all.map((key) => key.slice(0, key.indexOf(Delimiter, Prefix.length) + 1)));
      return { CommonPrefixes: [...folders].map((folder) => ({ Prefix: folder })) };
    }
    const start = Number(ContinuationToken);
    const page = all.slice(start, start + PAGE);
    return {
      Contents: page.map((Key) => ({ Key, Size: this.objects.get(Key)?.length ?? 0 })),
      ...(start + PAGE < all.length ? { NextContinuationToken: String(start + PAGE) } : {}),
    };
  }
}

function refused(name: string, httpStatusCode: number): S3ServiceException {
  return new S3ServiceException({ name, $fault: "client", $metadata: { httpStatusCode } });
}
