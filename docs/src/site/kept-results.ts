/** Results of one build that the next one may use again: whatever has the same key, made of all that it depends on. */
export class KeptResults {
  #before = new Map<string, unknown>();
  #now = new Map<string, unknown>();

  /** @param key all that the result depends on, as texts */
  get<Result>(key: readonly string[], make: () => Result): Result {
    const name = key.join('\u0000');
    const result = this.#now.get(name) ?? this.#before.get(name) ?? make();
    this.#now.set(name, result);
    return result as Result;
  }

  /** Ends a build: what it had no use for is forgotten. */
  endBuild(): void {
    this.#before = this.#now;
    this.#now = new Map();
  }
}
