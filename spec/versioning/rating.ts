/** What a change asks of the next version number, by semantic versioning. `unknown`: a person has to decide. */
export type Rating = 'none' | 'patch' | 'minor' | 'major' | 'unknown';

const ORDER: readonly Rating[] = ['none', 'patch', 'minor', 'unknown', 'major'];

export function covers(have: Rating, need: Rating): boolean {
  return ORDER.indexOf(have) >= ORDER.indexOf(need);
}

export function highest(ratings: Iterable<Rating>): Rating {
  let top: Rating = 'none';
  for (const rating of ratings) if (covers(rating, top)) top = rating;
  return top;
}
