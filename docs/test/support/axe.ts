import axe, { type AxeResults, type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

/** Rules whose outcome depends on colors; all others see the same page whether it is light or dark. */
const COLORS = ['color-contrast', 'link-in-text-block'];

interface Part {
  /** Default: all rules. */
  rules?: 'colors' | 'all but colors' | undefined;
  /** Selector of the part of the page that is looked at. Default: all of it. */
  within?: string | undefined;
}

/**
 * What axe finds on a page as it is shown now. Only findings cross from the browser: with everything that passed,
 * that takes longer than the checks.
 */
export async function findings(page: Page, { rules, within }: Part = {}): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const options: RunOptions = {
    resultTypes: ['violations'],
    ...(rules === 'colors' && { runOnly: COLORS }),
    ...(rules === 'all but colors' && {
      rules: Object.fromEntries(COLORS.map((rule) => [rule, { enabled: false }])),
    }),
  };
  return page.evaluate(
    async ({ options, within }) => {
      const { axe } = window as unknown as {
        axe: { run(context: unknown, options: RunOptions): Promise<AxeResults> };
      };
      const { violations } = await axe.run(within ?? document, options);
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`),
      );
    },
    { options, within },
  );
}
