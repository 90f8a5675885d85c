// The HTML of a preview for a frame that may do nothing. The frame has the policy of the page around it, which takes style sheets
// with its nonce alone; so those of the mail get it. The nonce is good for styles and for nothing else.

export function previewDocument(html: string, nonce: string | null): string {
  // Of two attributes of one name the first counts, whatever a mail brings along. A parser would do it more neatly, but the
  // browser holds the styles of what it parses against the policy of this page, before they have the nonce.
  return nonce ? html.replaceAll(/<style(?=[\s>/])/gi, `<style nonce="${nonce}"`) : html;
}
