/** A seeded source of choices for generated requests: a failure can be repeated. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number from 0 up to but not `limit`. */
  below(limit: number): number {
    // xorshift32
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }

  chance(share: number): boolean {
    return this.below(10_000) < share * 10_000;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  text(alphabet: readonly string[], most: number): string {
    let text = '';
    for (let length = this.below(most + 1); length > 0; length -= 1) {
      text += this.pick(alphabet);
    }
    return text;
  }
}
