import { jsonBytes } from "../../shared/jsonBytes.js";

/**
 * Divides bytes between two lists of rows: each list gets half, and the bytes that it does not need go to the other.
 *
 * @param room bytes for the rows of both lists as JSON
 * @returns the first rows of each list that fit
 */
export function fitRows<A, B>(a: readonly A[], b: readonly B[], room: number): [A[], B[]] {
  const needA = rowBytes(a);
  const needB = rowBytes(b);
  const shareA = Math.max(room / 2, room - needB);
  const shareB = Math.max(room / 2, room - needA);
  return [firstThatFit(a, shareA), firstThatFit(b, shareB)];
}

function firstThatFit<Row>(rows: readonly Row[], room: number): Row[] {
  let left = room;
  const end = rows.findIndex((row) => (left -= jsonBytes(row) + 1) < 0);
  return end === -1 ? [...rows] : rows.slice(0, end);
}

function rowBytes(rows: readonly unknown[]): number {
  return rows.reduce<number>((sum, row) => sum + jsonBytes(row) + 1, 0);
}
