const inner = (any) => any.missing./*@esModule*/name;
export const viaPackage = (any) => inner(any);
