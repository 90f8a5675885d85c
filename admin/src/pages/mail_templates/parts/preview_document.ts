// The HTML of a preview as a document for a frame that may do nothing. The frame has the policy of the page around it, which takes
// style sheets with its nonce alone; so those of the mail get it. The nonce is good for styles and for nothing else.

export function previewDocument(html: string, nonce: string | null): string {
  const read = new DOMParser().parseFromString(html, "text/html");
  if (nonce) for (const style of read.querySelectorAll("style")) style.setAttribute("nonce", nonce);
  return `<!doctype html>${read.documentElement.outerHTML}`;
}
