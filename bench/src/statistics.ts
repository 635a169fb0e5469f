/** The value below which a fraction of the sample lies, with linear interpolation. */
export function quantile(sample: readonly number[], fraction: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  const position = (sorted.length - 1) * fraction;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new Error('The sample is empty.');
  return below + (above - below) * (position - Math.floor(position));
}

/** Median and quartiles: unlike a mean they do not follow one disturbed run. */
export function summarize(sample: readonly number[]) {
  return {
    median: round(quantile(sample, 0.5)),
    low: round(quantile(sample, 0.25)),
    high: round(quantile(sample, 0.75)),
    runs: sample.length,
  };
}

/**
 * Median and quartiles of the ratios of two samples, run by run. The runs of one round are neighbors in time, so what
 * disturbs the machine for longer than a round cancels out.
 */
export function pairedRatio(sample: readonly number[], baseline: readonly number[]) {
  const ratios = sample.map((value, index) => value / (baseline[index] ?? Number.NaN));
  const { median, low, high } = summarize(ratios);
  return { ratio: median, ratioLow: low, ratioHigh: high };
}

/** Exponent of `y = c · x^e` through the points, by least squares on logarithms. */
export function fitExponent(points: readonly (readonly [x: number, y: number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const meanX = logs.reduce((sum, [x]) => sum + x, 0) / logs.length;
  const meanY = logs.reduce((sum, [, y]) => sum + y, 0) / logs.length;
  const covariance = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const variance = logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return round(covariance / variance);
}

/** Four significant digits: more would be noise. Whole numbers (sizes, counts) stay as they are. */
function round(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}
