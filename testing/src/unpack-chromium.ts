// Unpacks the packaged Chromium into the folder for temporary files, which is where the package puts it. A process of
// its own has a folder of its own: elsewhere in this one, others make their temporary files meanwhile.
import { join } from 'node:path';
import { inflate, default as sparticuz } from '@sparticuz/chromium';

const [bin = ''] = process.argv.slice(2);
await Promise.all([sparticuz.executablePath(bin), inflate(join(bin, 'al2023.tar.br'))]);
