/** Whether this is `pnpm test:slow`, which tries the whole of what `pnpm test` tries in part. */
export const slow = process.env.MODE === 'slow';
