/** Most paths that are remembered as deleted; the oldest is forgotten first. */
const LIMIT = 100_000;

/** What was deleted in stateful mode: the paths of successful DELETEs. */
export class DeletedPaths {
  readonly #paths = new Set<string>();

  /** Whether the path, or one above it, was deleted. */
  has(path: string): boolean {
    if (this.#paths.size === 0) return false;
    for (let at = path.length; at > 0; at = path.lastIndexOf('/', at - 1)) {
      if (this.#paths.has(path.slice(0, at))) return true;
    }
    return false;
  }

  add(path: string): void {
    const [oldest] = this.#paths;
    if (this.#paths.size >= LIMIT && oldest !== undefined) this.#paths.delete(oldest);
    this.#paths.add(path);
  }

  /** A PUT, or a response that names it as created, brings back what was deleted. */
  delete(path: string): void {
    this.#paths.delete(path);
  }

  clear(): void {
    this.#paths.clear();
  }

  get size(): number {
    return this.#paths.size;
  }
}
