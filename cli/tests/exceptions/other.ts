// A second file of the hook.

class Lazy {
  get value(): string {
    const { parts } = this as any;
    return parts./*@getter*/first;
  }
}

export function fromGetter(): string {
  return new Lazy().value;
}

/** É and 😀 before the place: columns count UTF-16 units. */
export const imported = (any: any) => ["É", "😀", any.missing./*@imported*/name];

const wait = () => new Promise((done) => setTimeout(done, 1));

export async function afterTimer(any: any): Promise<unknown> {
  await wait();
  return any.missing./*@afterTimer*/name;
}
