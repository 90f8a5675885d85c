// The secret of a webhook endpoint, shown once, with the lines that check a message with it.
import { CodeBlock } from "../../../parts/code.tsx";
import { ShownOnce } from "../../../parts/shown_once.tsx";

type Props = {
  title: string;
  /** Nothing is shown while there is none. */
  secret: string | null;
  onClose: () => void;
};

export const VERIFY = `import { Webhook } from "standardwebhooks";

// Throws if the signature is wrong or older than five minutes. \`body\` is the text as it arrived.
const event = new Webhook(process.env.WEBHOOK_SECRET).verify(body, headers);`;

export function SecretShown({ title, secret, onClose }: Props) {
  return (
    <ShownOnce
      title={title}
      what="secret"
      value={secret}
      kept="The server keeps it encrypted, because it signs with it, and shows it nowhere else. A lost secret is replaced by rotating it."
      onClose={onClose}
    >
      <CodeBlock code={VERIFY} label="Check a message in Node.js" isWrapped />
    </ShownOnce>
  );
}
