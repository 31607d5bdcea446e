import { AMINO_ACIDS } from "../../../contract/aminoAcids.js";
import type { Cell } from "../../substitutions.js";
import type { RowOrder } from "../rows.js";

/** What the reader has chosen to see. */
export interface View {
  /** First column in sight; not whole while the reader zooms. */
  readonly first: number;
  /** Column after the last one in sight. */
  readonly end: number;
  readonly order: RowOrder;
  /** The cell under the keyboard's cursor, or under the pointer. */
  readonly focus: Cell | undefined;
  readonly selected: readonly Cell[];
}

/** Holds the view, and tells listeners of each change. */
export class Store {
  private readonly listeners: ((view: View) => void)[] = [];

  constructor(
    private current: View,
    /** Number of positions of the protein. */
    readonly length: number,
  ) {}

  get view(): View {
    return this.current;
  }

  /** Calls a listener now, and after each change. */
  listen(listener: (view: View) => void): void {
    this.listeners.push(listener);
    listener(this.current);
  }

  set(change: Partial<View>): void {
    this.current = { ...this.current, ...change };
    for (const listener of this.listeners) listener(this.current);
  }

  /** Shows columns `first` to `end`, moved and cut to what there is. */
  show(first: number, end: number): void {
    const span = Math.min(Math.max(end - first, Math.min(MOST_ZOOMED, this.length)), this.length);
    const start = Math.min(Math.max(first, 0), this.length - span);
    this.set({ first: start, end: start + span });
  }

  /** Moves the cursor to a cell, and the view so that the cell is in sight. */
  focusOn(cell: Cell): void {
    const { first, end } = this.current;
    this.set({ focus: cell });
    if (cell.column < first) this.show(cell.column, cell.column + end - first);
    else if (cell.column + 1 > end) this.show(cell.column + 1 - (end - first), cell.column + 1);
  }

  /** Selects a cell that is not selected, and the other way round. */
  toggle(cell: Cell): void {
    const others = this.current.selected.filter((other) => !sameCell(other, cell));
    this.set({ selected: others.length < this.current.selected.length ? others : [...others, cell] });
  }
}

/** Fewest positions in sight. */
const MOST_ZOOMED = 10;

/** Whether two cells are the same. */
export function sameCell(one: Cell, other: Cell): boolean {
  return keyOf(one) === keyOf(other);
}

/** A number that only this cell has. */
export function keyOf({ row, column }: Cell): number {
  return column * AMINO_ACIDS.length + row;
}
