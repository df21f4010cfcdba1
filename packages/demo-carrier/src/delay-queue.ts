interface Item<T> {
  readonly due: number;
  readonly order: number;
  readonly value: T;
}

/** Hands out values when they are due, with one timer for all of them: a binary heap by due time, then by arrival. */
export class DelayQueue<T> {
  readonly #heap: Item<T>[] = [];
  readonly #take: (value: T) => void;
  readonly #now: () => number;
  #order = 0;
  #timer: NodeJS.Timeout | undefined;
  #timerDue = Number.POSITIVE_INFINITY;

  constructor(now: () => number, take: (value: T) => void) {
    this.#now = now;
    this.#take = take;
  }

  get size(): number {
    return this.#heap.length;
  }

  add(value: T, delayMs: number): void {
    this.#order += 1;
    const item = { due: this.#now() + delayMs, order: this.#order, value };
    let index = this.#heap.length;
    this.#heap.push(item);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#heap[parentIndex];
      if (parent === undefined || before(parent, item)) break;
      this.#heap[index] = parent;
      index = parentIndex;
    }
    this.#heap[index] = item;
    this.#schedule();
  }

  clear(): void {
    this.#heap.length = 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerDue = Number.POSITIVE_INFINITY;
  }

  #schedule(): void {
    const next = this.#heap[0];
    if (next === undefined || next.due >= this.#timerDue) return;
    clearTimeout(this.#timer);
    this.#timerDue = next.due;
    this.#timer = setTimeout(() => this.#drain(), Math.max(0, next.due - this.#now()));
  }

  #drain(): void {
    this.#timer = undefined;
    this.#timerDue = Number.POSITIVE_INFINITY;
    const now = this.#now();
    for (let first = this.#heap[0]; first !== undefined && first.due <= now; first = this.#heap[0]) {
      this.#removeFirst();
      this.#take(first.value);
    }
    this.#schedule();
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    let index = 0;
    for (;;) {
      let childIndex = 2 * index + 1;
      let child = this.#heap[childIndex];
      const right = this.#heap[childIndex + 1];
      if (child === undefined) break;
      if (right !== undefined && before(right, child)) {
        childIndex += 1;
        child = right;
      }
      if (before(last, child)) break;
      this.#heap[index] = child;
      index = childIndex;
    }
    this.#heap[index] = last;
  }
}

function before<T>(a: Item<T>, b: Item<T>): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}
