export function tryIt(form: HTMLFormElement): void {
  form.dataset.ready = 'true';
}
