// QR codes (ISO/IEC 18004) of short texts: byte mode, error correction M, versions 1 to 15. Drawn here, so that the secret of an
// authenticator app is sent to nobody. Knows nothing of React.

/** For each version from 1: error correction codewords per block, and how many blocks have how many data codewords. */
const BLOCKS: readonly [number, readonly (readonly [number, number])[]][] = [
  [10, [[1, 16]]],
  [16, [[1, 28]]],
  [26, [[1, 44]]],
  [18, [[2, 32]]],
  [24, [[2, 43]]],
  [16, [[4, 27]]],
  [18, [[4, 31]]],
  [
    22,
    [
      [2, 38],
      [2, 39],
    ],
  ],
  [
    22,
    [
      [3, 36],
      [2, 37],
    ],
  ],
  [
    26,
    [
      [4, 43],
      [1, 44],
    ],
  ],
  [
    30,
    [
      [1, 50],
      [4, 51],
    ],
  ],
  [
    22,
    [
      [6, 36],
      [2, 37],
    ],
  ],
  [
    22,
    [
      [8, 37],
      [1, 38],
    ],
  ],
  [
    24,
    [
      [4, 40],
      [5, 41],
    ],
  ],
  [
    24,
    [
      [5, 41],
      [5, 42],
    ],
  ],
];

/** `true` is a dark module; rows from above. */
export type Qr = readonly (readonly boolean[])[];

/** The code of a text, of the smallest version that holds it. */
export function qrOf(text: string): Qr {
  const bytes = new TextEncoder().encode(text);
  const version =
    BLOCKS.findIndex((_, index) => bytes.length * 8 + 4 + lengthBits(index + 1) <= dataCodewords(index + 1) * 8) + 1;
  if (version === 0) throw new Error("The text is too long for a QR code");
  const codewords = interleaved(version, data(version, bytes));
  const candidates = Array.from({ length: 8 }, (_, mask) => drawn(version, codewords, mask));
  return candidates.reduce((best, one) => (penalty(one) < penalty(best) ? one : best));
}

function dataCodewords(version: number): number {
  return (BLOCKS[version - 1]?.[1] ?? []).reduce((sum, [count, size]) => sum + count * size, 0);
}

function lengthBits(version: number): number {
  return version < 10 ? 8 : 16;
}

/** Mode, length, the bytes, the end, and what fills the rest. */
function data(version: number, bytes: Uint8Array): number[] {
  const bits: number[] = [];
  const put = (value: number, count: number) => {
    for (let bit = count - 1; bit >= 0; bit -= 1) bits.push((value >> bit) & 1);
  };
  put(0b0100, 4);
  put(bytes.length, lengthBits(version));
  for (const byte of bytes) put(byte, 8);
  const capacity = dataCodewords(version) * 8;
  put(0, Math.min(4, capacity - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < capacity; pad ^= 0xec ^ 0x11) put(pad, 8);
  const words: number[] = [];
  for (let at = 0; at < bits.length; at += 8)
    words.push(bits.slice(at, at + 8).reduce((word, bit) => word * 2 + bit, 0));
  return words;
}

/** Blocks with their error correction, one codeword of each after the other. */
function interleaved(version: number, words: readonly number[]): number[] {
  const [correction = 0, groups = []] = BLOCKS[version - 1] ?? [];
  const blocks: number[][] = [];
  let from = 0;
  for (const [count, size] of groups) {
    for (let block = 0; block < count; block += 1) {
      blocks.push(words.slice(from, from + size));
      from += size;
    }
  }
  const generator = generatorOf(correction);
  const corrections = blocks.map((block) => remainder(block, generator));
  return [...columns(blocks), ...columns(corrections)];
}

function columns(blocks: readonly (readonly number[])[]): number[] {
  const longest = Math.max(...blocks.map((block) => block.length));
  return Array.from({ length: longest }, (_, at) => blocks.flatMap((block) => block.slice(at, at + 1))).flat();
}

/** In the field of 256 elements with the polynomial 0x11d. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    product ^= ((b >> bit) & 1) * a;
  }
  return product;
}

function generatorOf(degree: number): number[] {
  let polynomial = [1];
  let root = 1;
  for (let at = 0; at < degree; at += 1) {
    const next = [...polynomial, 0];
    polynomial.forEach((factor, index) => {
      next[index + 1] = (next[index + 1] ?? 0) ^ multiply(factor, root);
    });
    polynomial = next;
    root = multiply(root, 2);
  }
  return polynomial.slice(1);
}

function remainder(block: readonly number[], generator: readonly number[]): number[] {
  let rest: number[] = generator.map(() => 0);
  for (const word of block) {
    const factor = word ^ (rest[0] ?? 0);
    rest = [...rest.slice(1), 0].map((value, index) => value ^ multiply(generator[index] ?? 0, factor));
  }
  return rest;
}

type Grid = (boolean | null)[][];

function drawn(version: number, codewords: readonly number[], mask: number): Qr {
  const size = version * 4 + 17;
  const grid: Grid = Array.from({ length: size }, () => Array<boolean | null>(size).fill(null));
  drawPatterns(grid, version);
  drawFormat(grid, mask);
  if (version >= 7) drawVersion(grid, version);
  drawData(grid, codewords, mask);
  return grid.map((row) => row.map((module) => module === true));
}

function set(grid: Grid, row: number, column: number, isDark: boolean): void {
  const line = grid[row];
  if (line && column >= 0 && column < line.length) line[column] = isDark;
}

function drawPatterns(grid: Grid, version: number): void {
  const size = grid.length;
  for (let at = 0; at < size; at += 1) {
    set(grid, 6, at, at % 2 === 0);
    set(grid, at, 6, at % 2 === 0);
  }
  for (const [row, column] of [
    [3, 3],
    [3, size - 4],
    [size - 4, 3],
  ] as const)
    square(grid, row, column, 4, (ring) => ring !== 2 && ring !== 4);
  const centres = alignmentCentres(version);
  const last = centres.length - 1;
  centres.forEach((row, i) => {
    centres.forEach((column, j) => {
      const isFinder = (i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0);
      if (!isFinder) square(grid, row, column, 2, (ring) => ring !== 1);
    });
  });
  set(grid, size - 8, 8, true);
}

function square(grid: Grid, row: number, column: number, radius: number, isDark: (ring: number) => boolean): void {
  for (let down = -radius; down <= radius; down += 1) {
    for (let right = -radius; right <= radius; right += 1)
      set(grid, row + down, column + right, isDark(Math.max(Math.abs(down), Math.abs(right))));
  }
}

function alignmentCentres(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  const last = version * 4 + 10;
  return [6, ...Array.from({ length: count - 1 }, (_, at) => last - step * (count - 2 - at))];
}

function drawFormat(grid: Grid, mask: number): void {
  // Error correction M is 00, so the mask is all there is.
  let rest = mask;
  for (let at = 0; at < 10; at += 1) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  const bits = ((mask << 10) | rest) ^ 0x5412;
  const bit = (at: number) => ((bits >> at) & 1) === 1;
  const size = grid.length;
  for (let at = 0; at <= 5; at += 1) set(grid, at, 8, bit(at));
  set(grid, 7, 8, bit(6));
  set(grid, 8, 8, bit(7));
  set(grid, 8, 7, bit(8));
  for (let at = 9; at < 15; at += 1) set(grid, 8, 14 - at, bit(at));
  for (let at = 0; at < 8; at += 1) set(grid, 8, size - 1 - at, bit(at));
  for (let at = 8; at < 15; at += 1) set(grid, size - 15 + at, 8, bit(at));
}

function drawVersion(grid: Grid, version: number): void {
  let rest = version;
  for (let at = 0; at < 12; at += 1) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let at = 0; at < 18; at += 1) {
    const isDark = ((bits >> at) & 1) === 1;
    const near = grid.length - 11 + (at % 3);
    set(grid, Math.floor(at / 3), near, isDark);
    set(grid, near, Math.floor(at / 3), isDark);
  }
}

const MASKS: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
];

/** Up and down in pairs of columns from the right, where nothing is drawn yet. */
function drawData(grid: Grid, codewords: readonly number[], mask: number): void {
  const size = grid.length;
  const isInverted = MASKS[mask] ?? (() => false);
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    const isUpward = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step += 1) {
      const row = isUpward ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (grid[row]?.[column] !== null) continue;
        const isDark = (((codewords[at >> 3] ?? 0) >> (7 - (at & 7))) & 1) === 1;
        set(grid, row, column, isDark !== isInverted(row, column));
        at += 1;
      }
    }
  }
}

/** How hard a code is to read: long runs, blocks, what looks like a finder, and too much of one colour. */
function penalty(code: Qr): number {
  const size = code.length;
  const turned = code.map((_, column) => code.map((row) => row[column] === true));
  let sum = 0;
  for (const line of [...code, ...turned]) {
    const text = line.map((isDark) => (isDark ? "1" : "0")).join("");
    for (const run of text.match(/0{5,}|1{5,}/g) ?? []) sum += run.length - 2;
    sum += 40 * ((text.match(/(?=10111010000)/g)?.length ?? 0) + (text.match(/(?=00001011101)/g)?.length ?? 0));
  }
  let dark = 0;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const isDark = code[row]?.[column];
      if (isDark) dark += 1;
      if (
        isDark === code[row]?.[column + 1] &&
        isDark === code[row + 1]?.[column] &&
        isDark === code[row + 1]?.[column + 1]
      )
        sum += 3;
    }
  }
  return sum + Math.floor(Math.abs((dark * 20) / (size * size) - 10)) * 10;
}
