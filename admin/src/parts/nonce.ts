// The nonce of the page: style sheets that are made here are taken by its policy if they have it.

export function pageNonce(): string | null {
  const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
  return meta?.nonce || meta?.content || null;
}
